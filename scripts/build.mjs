// Builds the two bundles of the program: the command line, and the terminal UI that it loads when it needs it.
import { readFileSync } from 'node:fs'
import { build } from 'esbuild'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

// The command line loads the UI's bundle by its file when it opens it.
const lazyInterface = {
  name: 'lazy-interface',
  setup({ onResolve }) {
    onResolve({ filter: /tui\/main\.tsx$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './tui.js', external: true } : undefined,
    )
  },
}

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  minify: true,
  logLevel: 'warning',
  // Only a developer's Ink asks for these.
  alias: { 'react-devtools-core': new URL('./empty.mjs', import.meta.url).pathname },
  define: { 'process.env.NODE_ENV': '"production"', __VERSION__: JSON.stringify(version) },
  // CommonJS packages inside a module bundle still call require.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
}

await Promise.all([
  build({ ...shared, entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.js', plugins: [lazyInterface] }),
  build({ ...shared, entryPoints: ['src/tui/main.tsx'], outfile: 'dist/tui.js' }),
  build({ ...shared, entryPoints: ['src/tui/worker.ts'], outfile: 'dist/worker.js' }),
  build({ ...shared, entryPoints: ['src/scan/scan-worker.ts'], outfile: 'dist/scan-worker.js' }),
  build({ ...shared, entryPoints: ['src/scan/walk-worker.ts'], outfile: 'dist/walk-worker.js' }),
])
