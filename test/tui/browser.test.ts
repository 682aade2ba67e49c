import { execFileSync } from 'node:child_process'
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createCatalog } from '../../src/analysis/catalog.ts'
import { createReport } from '../../src/report/report.ts'
import { formatBytes } from '../../src/report/units.ts'
import { scan } from '../../src/scan/scan.ts'
import { answerQuestion } from '../../src/tui/answers/answer.ts'
import { createScanned, type Scanned } from '../../src/tui/answers/scanned.ts'
import { categoryText } from '../../src/tui/documents/categories.ts'
import type { Settings } from '../../src/tui/state.ts'
import { copyOfFixture } from '../support/fixtures.ts'
import { type Journey, open } from './support/journey.ts'

/** A user with a scan thread that answers at once whatever is asked. */
interface Browsing {
  press(...keys: string[]): Browsing
  type(text: string): Browsing
  readonly at: Journey
}

function browsing(journey: Journey, scanned: Scanned): Browsing {
  let at = journey
  for (let asked = 0; asked < at.questions.length; asked++) {
    const question = at.questions[asked]
    if (question !== undefined) at = at.answer(answerQuestion(scanned, question))
  }
  return {
    at,
    press: (...keys) =>
      keys.reduce((before, key) => browsing(before.at.press(key), scanned), { at } as Browsing),
    type: (text) => browsing(at.type(text), scanned),
  }
}

function browse(
  change: (root: string) => void,
  settings: Partial<Settings> = {},
): Browsing & { root: string } {
  const { root, dispose } = copyOfFixture('overlay2-buildkit')
  onTestFinished(dispose)
  change(root)
  const { model, surveys } = scan([root], { measure: true })
  const catalog = createCatalog(model, surveys)
  const report = createReport(catalog, { version: 'test', generatedAt: '2030-01-01T00:00:00.000Z' })
  return { ...browsing(open(report, settings), createScanned(catalog)), root }
}

const fill = (root: string): void => {
  const data = join(root, 'volumes/data/_data')
  mkdirSync(join(data, 'deep/er'), { recursive: true })
  writeFileSync(join(data, 'deep/er/large.bin'), 'x'.repeat(3_000_000))
  writeFileSync(join(data, 'small'), 'x')
  mkdirSync(join(data, 'empty'))
}

test('goes from a volume down to its largest file, and all the way back', () => {
  const list = browse(fill).type('5/').type('data').press('enter')
  const top = list.press('b')
  expect(top.at.selected).toMatch(/3\.\d+MB .*_data\/$/)
  const deep = top.press('enter').press('enter', 'right')
  expect(deep.at.selected).toMatch(/3MB .*large\.bin$/)
  const facts = deep.press('enter')
  expect(facts.at.screen).toContain('3MB (3000000 bytes)')
  expect(facts.at.screen).toContain('Belongs to  volume data')
  expect(facts.press('esc', 'left', 'h', 'backspace', 'esc').at.screen).toBe(list.at.screen)
})

test('the page of a volume leads into its directory', () => {
  const page = browse(fill).type('5/').type('data').press('enter', 'enter')
  expect(page.at.selected).toContain('on disk')
  expect(page.press('enter').at.screen).toContain('_data/')
})

test('comes up again to the same entry in the same order', () => {
  const inside = browse(fill).type('5/').type('data').press('enter', 'b', 'enter')
  const sorted = inside.press('s', 's', 's', 's', 'j')
  const before = sorted.at.screen
  expect(before).toContain('NAME ▴')
  expect(sorted.at.selected).toContain('empty/')
  expect(sorted.press('enter').at.screen).toContain('This directory is empty.')
  expect(sorted.press('enter', 'esc').at.screen).toBe(before)
})

test('filters entries by name and size, and copies their paths', () => {
  const { root, ...start } = browse(fill)
  const inside = start.type('5/').type('data').press('enter', 'b', 'enter')
  expect(inside.type('/size>1M').press('enter').at.screen).toContain('1/1 entry')
  const copied = inside.type('/small').press('enter', 'y', 'Y').at.effects
  const data = join(root, 'volumes/data/_data')
  expect(copied).toEqual([
    { kind: 'copy', text: join(data, 'small') },
    { kind: 'copy', text: data },
  ])
})

test('shows the entries at once, and their sizes as they are added up', () => {
  const { root, at } = browse(fill)
  expect(root).not.toBe('')
  const asked = at.type('5/').type('data').press('enter', 'b')
  expect(asked.screen).toContain('Being read')
  expect(asked.questions.at(-1)).toMatchObject({ kind: 'directory', path: 'volumes/data' })
})

test('finds the log of a container, and says that most of it takes no space', () => {
  const start = browse((root) => {
    const [log = ''] = execFileSync(
      'find',
      [join(root, 'containers'), '-name', '*-json.log', '-size', '+0'],
      {
        encoding: 'utf8',
      },
    ).split('\n')
    truncateSync(log, 40_000_000_000)
  })
  // The list by its column of logs counts blocks; the page tells the length.
  const container = start.type('4/').type('chatty').press('enter', 'enter')
  let page = container
  for (let steps = 0; steps < 30 && !page.at.selected.includes('json.log'); steps++) page = page.press('j')
  const facts = page.press('enter')
  expect(facts.at.screen).toContain('Content')
  expect(facts.at.screen).toContain('container chatty')
})

test('names of any bytes stay where they belong', () => {
  const name = Buffer.from('bad\xff\x1b[31m', 'latin1')
  const start = browse((root) => {
    writeFileSync(
      Buffer.concat([Buffer.from(`${join(root, 'volumes/data/_data')}/`), name]),
      'x'.repeat(900_000),
    )
    writeFileSync(join(root, 'volumes/data/_data', 'w'.repeat(255)), 'x'.repeat(500_000))
  })
  const inside = start.type('5/').type('data').press('enter', 'b', 'enter')
  expect(inside.at.selected).toMatch(/bad\\xff\\e\[31m$/)
  expect(inside.press('enter').at.screen).toContain('900kB (900000 bytes)')
  for (const row of inside.at.rows) expect(row.length).toBeLessThanOrEqual(80)
})

/** The Overview with the line of a category selected. */
function onCategory(start: Browsing, name: string): Browsing {
  let at = start
  for (let steps = 0; steps < 40 && !at.at.selected.trim().startsWith(name); steps++) at = at.press('j')
  return at
}

test('from a category of the ledger to the paths that it is made of, and back to the same line', () => {
  const start = browse(fill, { rows: 50 })
  const { ledger } = start.at.state.report ?? { ledger: { entries: [] } }
  for (const { category, disk, files } of ledger.entries) {
    const { name } = categoryText(category)
    const line = onCategory(start, name)
    expect(line.at.selected.trim(), category).toMatch(new RegExp(`^${name} `))
    const parts = line.press('b')
    const inodes = `${files} ${files === 1 ? 'inode' : 'inodes'}`
    expect(parts.at.rows.at(-2), category).toContain(`${name}  ${formatBytes(disk)} in ${inodes}`)
    expect(parts.press('esc').at.screen).toBe(line.at.screen)
  }
})

test('opens the paths of a category from its page, and each of them as a directory', () => {
  const page = onCategory(browse(fill, { rows: 50 }), 'metadata').press('enter')
  expect(page.at.rows[1]).toContain('Overview › metadata')
  const parts = page.press('enter')
  expect(parts.at.selected).toMatch(/image\/$/)
  expect(parts.at.screen).not.toContain('volumes/data')
  expect(parts.press('enter').at.rows[1]).toMatch(/overlay2-buildkit\/image$/)
  expect(page.press('b').at.screen).toBe(parts.at.screen)
})

test('finds what somebody put into the root', () => {
  const start = browse(
    (root) => {
      mkdirSync(join(root, 'backup/of/mine'), { recursive: true })
      writeFileSync(join(root, 'backup/of/mine/all.tar'), 'x'.repeat(40_000_000))
      writeFileSync(join(root, 'note'), 'x')
    },
    { rows: 50 },
  )
  const other = onCategory(start, 'other')
  expect(other.at.selected).toMatch(/^ *other +40/)
  const parts = other.press('b')
  expect(parts.at.selected).toMatch(/40\.\d+MB .*backup\/$/)
  expect(parts.at.screen).toMatch(/4\.096kB .* note$/m)
  expect(parts.press('enter', 'enter', 'enter').at.selected).toMatch(/40MB .*all\.tar$/)
  // What is left is the root's own directory, which leads to all that lies in it.
  expect(parts.press('G').at.selected).toMatch(/ \.\/$/)
  expect(parts.press('G', 'enter').at.screen).toContain('overlay2/')
})

test('a directory that is gone says so, and Esc comes back', () => {
  const { root, ...start } = browse(fill)
  const inside = start.type('5/').type('data').press('enter', 'b', 'enter')
  execFileSync('rm', ['-r', join(root, 'volumes/data/_data/deep')])
  const gone = inside.press('enter')
  expect(gone.at.screen).toContain('nothing lies at')
  expect(gone.press('esc').at.screen).toBe(inside.at.screen)
})

test('thousands of entries are a list like any other', () => {
  const start = browse((root) => {
    const data = join(root, 'volumes/data/_data')
    execFileSync('bash', ['-c', 'seq 1 5000 | xargs touch'], { cwd: data })
    writeFileSync(join(data, '777'), 'x'.repeat(10_000))
  })
  const inside = start.type('5/').type('data').press('enter', 'b', 'enter')
  expect(inside.at.screen).toMatch(/1\/50\d\d entries/)
  expect(inside.at.selected).toMatch(/777$/)
  expect(inside.press('G', 'k', 'g').at.screen).toBe(inside.at.screen)
})

test('says above the entries where they lie and whose they are, and c copies the command that tells more', () => {
  const { root, ...start } = browse(fill)
  const inside = start.type('5/').type('data').press('enter', 'b')
  const { at } = inside
  expect(at.rows[1]).toContain('/volumes/data  of volume data')
  expect(at.resize(40, 12).rows[1]).toMatch(/^ {2}…\S*\/data {2}of volume data$/)
  const [effect] = at.forgetful.press('c').effects
  const path = join(root, 'volumes/data', at.selected.trim().split(/ +/).at(-1)?.replace(/\/$/, '') ?? '')
  expect(effect).toEqual({ kind: 'copy', text: `layerscope why ${path} --root ${root}` })
})
