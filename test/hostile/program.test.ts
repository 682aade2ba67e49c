import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { ensureBuilt, layerscope, publicProgram, type Run } from '../cli/program.ts'
import { copyOfFixture, type FixtureName, isRoot } from '../support/fixtures.ts'
import { removeTree } from '../support/restore-fixtures.ts'
import { NOBODY } from '../tree/scratch.ts'
import { run } from '../tui/support/program.ts'
import { CASE, doDamages, type Places, placesRead } from './draw.ts'
import { Stage } from './stage.ts'

/** Damaged roots in all, each read by ten runs of the program. */
const RUNS = Number(process.env['LAYERSCOPE_RUNS'] ?? 8)
const SEED = Number(process.env['LAYERSCOPE_SEED'] ?? Date.now() % 2 ** 31)

const FIXTURES: readonly FixtureName[] = [
  ...(['overlay2-buildkit', 'podman-overlay', 'docker-containerd', 'legacy-aufs', 'vfs-layerdb'] as const),
  ...(['containerd', 'podman-vfs', 'overlay-layerdb', 'legacy-vfs'] as const),
]

const schema: object = JSON.parse(
  readFileSync(new URL('../../schema/report-1.0.schema.json', import.meta.url), 'utf8'),
)
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema)

let stage: Stage
let program: string

beforeAll(async () => {
  ensureBuilt()
  stage = await Stage.open()
  program = publicProgram()
  console.log(`the program on hostile disks: LAYERSCOPE_SEED=${SEED} LAYERSCOPE_RUNS=${RUNS}`)
})
afterAll(() => {
  stage.close()
  removeTree(join(program, '../..'))
})

/** Runs a command and holds what must hold of every run; whether its exit code is one of those foreseen, above all. */
function command(root: string, words: string, asOrdinary: boolean, codes: readonly number[]): Run {
  const [name = '', ...rest] = words.split(' ')
  const user = asOrdinary && isRoot ? { user: NOBODY } : {}
  const result = layerscope([name, '--root', root, ...rest], { program, ...user })
  const { code, out, err } = result
  const said = `${words}: ${err}`
  expect(codes, said).toContain(code)
  expect(err, said).not.toMatch(/^\s+at .*:\d+:\d+|this should not happen|node:internal|Warning:/m)
  // Only line ends: nothing on disk moves the cursor or colours the screen.
  expect(hasControls(err), said).toBe(false)
  expect(hasControls(out), words).toBe(false)
  if (code === 1 || code === 2) expect(err, words).not.toBe('')
  return result
}

const hasControls = (text: string): boolean => /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(text)

/** Everything that a person would ask of a root whose disk is failing. */
function everyCommand(root: string, asOrdinary: boolean): void {
  const { code, out, err } = command(root, 'report', asOrdinary, [0, 1, 2])
  if (code === 1) {
    // Nothing of it can be read: every command says so, and none shows half an answer.
    expect(err).toMatch(/cannot be read|is empty|does not look like|is no/)
    for (const words of ['df', 'images', 'orphans', 'verify'])
      expect(command(root, words, asOrdinary, [1]).out).toBe('')
    return
  }
  const report: Report = JSON.parse(out)
  validate(report)
  expect(validate.errors).toBeNull()
  expect(code).toBe(report.complete ? 0 : 2)
  const served = report.complete ? [0] : [2]
  for (const words of ['df', 'images', 'orphans', 'tree']) command(root, words, asOrdinary, served)
  // Where only the measuring could not enter something, it need not concern who reads the records and some layers.
  const recorded = command(root, 'report --no-measure', asOrdinary, [0, ...served]).code
  const unmeasured = [...served, ...(recorded === 0 ? [0] : [])]
  command(root, 'verify', asOrdinary, [...unmeasured, 3])
  // Of a root without docker's removals, or an object whose files are lost, it is said that they cannot be told.
  command(root, 'whatif docker system prune -a --volumes', asOrdinary, [...served, 1])
  const objects = [report.images[0]?.id, report.containers[0]?.id].filter((id) => id !== undefined)
  for (const id of objects) {
    command(root, `explain ${id}`, asOrdinary, [...unmeasured, 1])
    command(root, `files ${id}`, asOrdinary, [0, 2, 1])
  }
}

describe('the built program, on damaged roots', () => {
  it('ends with the exit code it promises, without a stack, with a report that the schema describes', {
    timeout: 120_000 + RUNS * 30_000,
  }, async () => {
    const known = new Map<FixtureName, Places>()
    let count = 0
    const property = fc.asyncProperty(CASE, async (each) => {
      // Each layout has its turn.
      const name = FIXTURES[count++ % FIXTURES.length] ?? 'overlay2-buildkit'
      const root = stage.root(name)
      const places = known.get(name) ?? {
        read: placesRead((await stage.run({ root, paths: [] }, false)).opened),
        all: stage.paths(name),
      }
      known.set(name, places)
      const touched: string[] = []
      try {
        doDamages(root, each, places, stage.supplies, touched)
        everyCommand(root, each.asOrdinary)
      } finally {
        stage.mend(name, touched)
      }
    })
    await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true })
  })

  it('reads on where JSON is nested 100,000 deep', { timeout: 120_000 }, () => {
    const root = copyOf('overlay2-buildkit')
    const [image = ''] = readdirSync(join(root, 'image/overlay2/imagedb/content/sha256'))
    const [container = ''] = readdirSync(join(root, 'containers'))
    const deep = `${'{"a":['.repeat(50_000)}1${']}'.repeat(50_000)}`
    const files = [
      'image/overlay2/repositories.json',
      `image/overlay2/imagedb/content/sha256/${image}`,
      `containers/${container}/config.v2.json`,
    ]
    for (const file of files) writeFileSync(join(root, file), deep)
    everyCommand(root, false)
    const { findings, images, containers }: Report = JSON.parse(layerscope(['report', '--root', root]).out)
    expect(files.filter((file) => !findings.some(({ path }) => path === file))).toEqual([])
    expect([images.length > 3, containers.length > 3]).toEqual([true, true])
  })

  it('names every one of 100,000 directories without an owner', { timeout: 300_000 }, () => {
    const root = copyOf('overlay2-buildkit')
    for (let index = 0; index < 100_000; index++) mkdirSync(join(root, `overlay2/${index}-stray`))
    const { code, out } = layerscope(['orphans', '--root', root, '--format', 'csv'])
    expect(code).toBe(0)
    expect(new Set(out.match(/(?<=overlay2\/)\d+(?=-stray)/g)).size).toBe(100_000)
  })
})

describe('the terminal UI, on damaged roots', () => {
  const damages: readonly (readonly [what: string, damage: (root: string) => void])[] = [
    ['without any record of images', (root) => rmSync(join(root, 'image'), { recursive: true })],
    [
      'with databases of noise',
      (root) => {
        for (const database of ['volumes/metadata.db', 'buildkit/metadata_v2.db', 'buildkit/snapshots.db'])
          writeFileSync(join(root, database), Buffer.alloc(40_000, 'noise'))
      },
    ],
  ]
  it.each(damages)('shows what is left of a root %s, and q leaves it', async (_what, damage) => {
    const root = copyOf('overlay2-buildkit')
    damage(root)
    const ui = run(['--root', root])
    try {
      await ui.sees(/Where the space is {2}\S+ on disk/)
      ui.press('4')
      await ui.sees('CONTAINER  ')
      ui.press('f')
      await ui.sees('Not everything could be read')
      ui.press('q')
      expect([0, 2]).toContain((await ui.ended).exitCode)
      expect(ui.isAlternate).toBe(false)
      expect(ui.output).not.toMatch(/^\s+at .*:\d+:\d+/m)
    } finally {
      ui.pty.kill('SIGKILL')
    }
  })
})

/** A copy of a fixture for one test. */
function copyOf(name: FixtureName): string {
  const { root, dispose } = copyOfFixture(name)
  onTestFinished(dispose)
  return root
}
