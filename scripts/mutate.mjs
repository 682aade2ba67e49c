/*
 * npm run mutate [-- [--own] FILE…]: changes the code of each file in every small way that Stryker knows, one at a time, and tells
 * which of these changes no test notices. Works on a copy of the project, with Stryker installed there alone.
 *
 * Each change meets the file's own tests first, and those of its neighbours and of whole roots where the first let it pass
 * (seconds for each; --own leaves these out).
 * LAYERSCOPE_MUTATE_DIR keeps the copy, and the results of files that did not change since.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The newest that runs on Node 20. */
const STRYKER = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/vitest-runner@9.6.1']
const PARTS = ['src', 'test', 'fixtures', 'schema', 'scripts', 'bin', 'dist', 'package.json', 'tsconfig.json']

/** Where a wrong figure or a wrong word costs somebody his data. */
const MONEY_PATHS = [
  ...['ledger', 'references', 'images', 'sizes', 'engine-view'].map((name) => `src/analysis/${name}.ts`),
  ...['orphans', 'whatif'].flatMap(filesIn),
]

function filesIn(folder) {
  const files = readdirSync(new URL(`../src/analysis/${folder}/`, import.meta.url))
  return files.sort().map((name) => `src/analysis/${folder}/${name}`)
}

const project = fileURLToPath(new URL('../', import.meta.url))

function main() {
  const words = process.argv.slice(2)
  const files = words.filter((word) => word !== '--own')
  const isQuick = words.includes('--own')
  const kept = process.env.LAYERSCOPE_MUTATE_DIR
  const copy = kept ?? mkdtempSync(join(tmpdir(), 'layerscope-mutate-'))
  try {
    copyProject(copy)
    const results = (files.length > 0 ? files : MONEY_PATHS).map((file) => mutate(copy, file, isQuick))
    console.log(table(results))
  } finally {
    if (kept === undefined) rmSync(copy, { recursive: true })
  }
}

/** node_modules is copied and not linked: installing writes into it. */
function copyProject(copy) {
  for (const part of PARTS) {
    rmSync(join(copy, part), { recursive: true, force: true })
    cpSync(join(project, part), join(copy, part), { recursive: true })
  }
  if (existsSync(join(copy, 'node_modules/@stryker-mutator/vitest-runner'))) return
  cpSync(join(project, 'node_modules'), join(copy, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
  })
  const options = [
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--silent',
  ]
  execFileSync('npm', ['install', ...options, ...STRYKER], { cwd: copy, stdio: 'inherit' })
}

function mutate(copy, file, isQuick) {
  const out = (step) =>
    join(copy, 'results', `${file.replaceAll('/', '-')}-${stateOf(copy, file)}-${step}.json`)
  const { own, wider } = testsOf(file)
  const { source, mutants } = run(copy, [file], own, out('own'))
  const passed = mutants.filter(isUnnoticed)
  const ranges = passed.map(
    ({ location: { start, end } }) =>
      `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`,
  )
  const again =
    passed.length === 0 || isQuick ? [] : run(copy, ranges, [...own, ...wider], out('wider')).mutants
  const second = new Map(again.map((mutant) => [keyOf(mutant), mutant]))
  const result = mutants.map((mutant) => (isUnnoticed(mutant) && second.get(keyOf(mutant))) || mutant)
  const unnoticed = result.filter(isUnnoticed)
  console.log(`\n${file}: ${unnoticed.length} of ${mutants.length} unnoticed`)
  for (const mutant of unnoticed) console.log(show(mutant, source.split('\n')))
  return { file, mutants: result }
}

const isUnnoticed = ({ status }) => status === 'Survived' || status === 'NoCoverage'

const keyOf = ({ location, mutatorName, replacement }) => JSON.stringify([location, mutatorName, replacement])

/** What the results depend on: the file, and all tests. */
function stateOf(copy, file) {
  const hash = createHash('sha256').update(readFileSync(join(copy, file)))
  const tests = readdirSync(join(copy, 'test'), { recursive: true }).filter((path) => path.endsWith('.ts'))
  for (const path of tests.sort()) hash.update(readFileSync(join(copy, 'test', path)))
  return hash.digest('hex').slice(0, 12)
}

/** The mutants of some ranges of a file, each with what these tests made of it. */
function run(copy, ranges, tests, out) {
  if (!existsSync(out)) stryker(copy, ranges, tests, out)
  const [mutated] = Object.values(JSON.parse(readFileSync(out, 'utf8')).files)
  return mutated ?? { source: '', mutants: [] }
}

function stryker(copy, mutate, tests, out) {
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(
    join(copy, 'vitest.mutate.config.mjs'),
    `export default ${JSON.stringify({ test: { include: tests, globalSetup: ['test/support/restore-fixtures.ts'], testTimeout: 60_000, hookTimeout: 120_000 } })}`,
  )
  const config = {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    mutate,
    // The one for this project is written for a compiler that has no API.
    tsconfigFile: 'none.json',
    inPlace: true,
    tempDirName: join(copy, 'stryker'),
    concurrency: 1,
    coverageAnalysis: 'perTest',
    // Tables that are made once, as a file is loaded: each of their mutants would take a run of all the tests.
    ignoreStatic: true,
    // Sentences are read by people.
    mutator: { excludedMutations: ['StringLiteral'] },
    timeoutMS: 20_000,
    disableTypeChecks: false,
    vitest: { configFile: 'vitest.mutate.config.mjs', related: false },
    reporters: ['json'],
    jsonReporter: { fileName: out },
  }
  writeFileSync(join(copy, 'stryker.config.json'), JSON.stringify(config))
  const { status } = spawnSync('npx', ['stryker', 'run', 'stryker.config.json'], {
    cwd: copy,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error(`Stryker ended with ${status}`)
}

/** The tests of a file itself, and those that may notice as well what it does wrong. */
function testsOf(file) {
  const directory = dirname(file).replace(/^src/, 'test')
  const own = `${directory}/${basename(file).replace(/\.tsx?$/, '.test.ts')}`
  const family = `${directory}/${basename(file).split(/[-.]/)[0]}*.test.ts`
  const isNeighbour = (name) => name.startsWith(basename(file).split(/[-.]/)[0]) && name.endsWith('.test.ts')
  const wider = [
    `${directory}/*.test.ts`,
    ...(file.startsWith('src/analysis/') ? ['test/report/report.test.ts'] : []),
  ]
  if (existsSync(join(project, own))) return { own: [own], wider }
  const hasFamily = readdirSync(join(project, directory)).some(isNeighbour)
  return { own: [hasFamily ? family : `${directory}/*.test.ts`], wider }
}

function show({ location: { start, end }, replacement, mutatorName, status }, lines) {
  const line = lines[start.line - 1] ?? ''
  const rest = start.line === end.line ? line.slice(end.column - 1) : ' …'
  const words = `${line.slice(0, start.column - 1)}${replacement ?? ''}${rest}`.trim().replace(/\s+/g, ' ')
  return `  ${start.line} ${mutatorName}${status === 'NoCoverage' ? ', no test comes here' : ''}\n    - ${line.trim()}\n    + ${words}`
}

function table(results) {
  const row = ({ file, mutants }) => {
    const count = (...states) => mutants.filter(({ status }) => states.includes(status)).length
    const [killed, timeouts] = [count('Killed'), count('Timeout')]
    const [survived, unreached] = [count('Survived'), count('NoCoverage')]
    return [
      file,
      killed + timeouts + survived + unreached,
      killed,
      timeouts,
      survived,
      unreached,
      count('Ignored'),
    ]
  }
  const head = ['file', 'mutants', 'killed', 'timed out', 'survived', 'not reached', 'not tried']
  return [head, ...results.map(row)].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

main()
