import { VERSION } from './version.ts'

// The program takes twice as long to load as Node to start: it is not needed to say which one it is.
const [only, ...more] = process.argv.slice(2)
if (more.length === 0 && (only === '--version' || only === '-V')) process.stdout.write(`${VERSION}\n`)
else await import('./main.ts')
