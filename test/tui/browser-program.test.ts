import { execFileSync } from 'node:child_process'
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { copyOfFixture } from '../support/fixtures.ts'
import { type Program, run } from './support/program.ts'

const MEASURED = /Where the space is {2}\S+ on disk/
const ESC = '\x1b'

let program: Program | null = null
let dispose = (): void => {}
afterEach(() => {
  program?.pty.kill('SIGKILL')
  program = null
  dispose()
})

function start(change: (root: string) => void): Program {
  const copy = copyOfFixture('overlay2-buildkit')
  dispose = copy.dispose
  change(copy.root)
  program = run(['--root', copy.root])
  return program
}

test('finds the 40 GB log, and that its disk is another matter', async () => {
  const ui = start((root) => {
    const find = ['-name', '*-json.log', '-size', '+0']
    const [log = ''] = execFileSync('find', [join(root, 'containers'), ...find], { encoding: 'utf8' }).split(
      '\n',
    )
    writeFileSync(log, 'x'.repeat(6_000_000))
    truncateSync(log, 40_000_000_000)
  })
  await ui.sees(MEASURED)
  await ui.sees(/▸ +container logs +6\.\d+MB/)
  ui.press('\r')
  await ui.sees(/▸ \S+ .*6\.\d+MB$/m)
  ui.press('\r')
  await ui.sees(/^› 6\.\d+MB +containers/m)
  ui.press('jjj')
  await ui.sees(/▸ 6\.\d+MB +containers/)
  ui.press('\r')
  const facts = await ui.sees('40GB (40000000000 bytes)')
  expect(facts).toContain('sparse')
  expect(facts).toContain('Belongs to  container')
})

test('finds the largest file of a volume, and comes back to where it was', async () => {
  const ui = start((root) => {
    const deep = join(root, 'volumes/data/_data/deep/er')
    mkdirSync(deep, { recursive: true })
    writeFileSync(join(deep, 'dump.sql'), 'x'.repeat(4_000_000))
    writeFileSync(join(deep, 'notes'), 'x')
  })
  await ui.sees(MEASURED)
  ui.press('5')
  await ui.sees(/▸ data .*4\.\d*MB/)
  const before = ui.screen()
  ui.press('b')
  await ui.sees(/▸ +4\.\d+MB .*_data\//)
  ui.press('\r')
  await ui.sees(/▸ +4\.\d+MB .*deep\//)
  ui.press('\r')
  await ui.sees(/▸ +4\.\d+MB .*er\//)
  ui.press('\r')
  await ui.sees(/▸ +4\.\d+MB .*dump\.sql/)
  ui.press('\r')
  await ui.sees('4MB (4000000 bytes)')
  for (const place of ['dump.sql', 'er/', 'deep/', '_data/']) {
    ui.press(ESC)
    await ui.sees(place)
  }
  ui.press(ESC)
  await ui.sees('VOLUME  ')
  expect(ui.screen()).toBe(before)
})
