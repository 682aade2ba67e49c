// Builds the bundles of the program: its start, the command line and the terminal UI that are loaded when they are
// needed, and those of the threads.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

// Bundles that another one loads by their file, when it needs them.
const lazyBundles = {
  name: 'lazy-bundles',
  setup({ onResolve }) {
    for (const [filter, path] of [
      [/\.\/main\.ts$/, './program.js'],
      [/tui\/main\.tsx$/, './tui.js'],
    ])
      onResolve({ filter }, ({ kind }) => (kind === 'dynamic-import' ? { path, external: true } : undefined))
  },
}

const lazyWidth = {
  name: 'lazy-width',
  setup({ onResolve }) {
    const path = fileURLToPath(new URL('./lazy-string-width.mjs', import.meta.url))
    onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      importer.endsWith('/report/width.ts') ? { path } : undefined,
    )
  },
}

// It is loaded before the UI's bundle, which takes the terminal over from it: there has to be one of it.
const sharedFirstLine = {
  name: 'shared-first-line',
  setup({ onResolve }) {
    onResolve({ filter: /first-line\.ts$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './first-line.js', external: true },
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
  build({
    ...shared,
    entryPoints: ['src/cli/start.ts'],
    outfile: 'dist/cli.js',
    plugins: [lazyBundles, sharedFirstLine],
    banner: {},
  }),
  build({
    ...shared,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/program.js',
    plugins: [lazyBundles, lazyWidth],
  }),
  build({ ...shared, entryPoints: ['src/tui/first-line.ts'], outfile: 'dist/first-line.js', banner: {} }),
  build({ ...shared, entryPoints: ['src/tui/main.tsx'], outfile: 'dist/tui.js', plugins: [sharedFirstLine] }),
  build({ ...shared, entryPoints: ['src/tui/worker.ts'], outfile: 'dist/worker.js' }),
  build({ ...shared, entryPoints: ['src/scan/scan-worker.ts'], outfile: 'dist/scan-worker.js' }),
  build({ ...shared, entryPoints: ['src/scan/walk-worker.ts'], outfile: 'dist/walk-worker.js' }),
  build({ ...shared, entryPoints: ['src/tree/read-ahead-worker.ts'], outfile: 'dist/read-ahead-worker.js' }),
])
