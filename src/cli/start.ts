import { paintFirstLine } from '../tui/first-line.ts'
import { print } from './output.ts'
import { VERSION } from './version.ts'

// The program takes twice as long to load as Node to start: it is not needed to say which one it is.
const [only, ...more] = process.argv.slice(2)
if (more.length === 0 && (only === '--version' || only === '-V')) print(VERSION)
else {
  // Nor is it needed to have something on the screen while it is loaded.
  paintFirstLine(process.argv.slice(2))
  await import('./main.ts')
}
