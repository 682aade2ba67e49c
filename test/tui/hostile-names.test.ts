import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { type Drawn, draw } from './support/drawn.ts'
import { reportOf } from './support/reports.ts'

const NASTY = [
  'red\u001b[31m',
  'title\u001b]0;owned\u0007',
  'mode\u001b[?1049l\u001b[?25h\u001b[?1000h\u001b[4h',
  'cursor\u001b[99;99H\u001b[2J\u001bc',
  'line\nbreak\ttab\r',
  'bidi\u202egnp.exe\u2066',
  'zero\u200bwidth\u00ad',
  'c1\u009b31m\u009d0;x\u009c',
  'wide日本語'.repeat(30),
  'e\u0301\u0301\u0301combining',
  'lone\ud800surrogate',
  'flag\u{1f1e9}\u{1f1ea}family\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
  `long${'x'.repeat(10_000)}`,
]
/** The texts of a report that somebody else chose. */
const FREE = new Set(
  'tags name names imageName command createdBy comment description message hint reason author labels options volume volumes workingDirectory user entrypoint destination source'.split(
    ' ',
  ),
)

/** The same report with every text that somebody else chose made dangerous, the same one everywhere in the same way. */
function hostile(report: Report): Report {
  const worse = (text: string): string => {
    const sum = [...text].reduce((all, letter) => all + letter.charCodeAt(0), 0)
    return `${NASTY[sum % NASTY.length]}${text}`
  }
  const rewritten = (value: unknown, isFree: boolean): unknown => {
    if (typeof value === 'string') return isFree ? worse(value) : value
    if (Array.isArray(value)) return value.map((each) => rewritten(each, isFree))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        isFree ? worse(key) : key,
        rewritten(each, isFree || FREE.has(key)),
      ]),
    )
  }
  const each = <T>(items: readonly T[]): T[] => items.map((item) => rewritten(item, false) as T)
  return {
    ...report,
    images: each(report.images),
    layers: each(report.layers),
    containers: each(report.containers),
    volumes: each(report.volumes),
    cacheRecords: each(report.cacheRecords),
    findings: each(report.findings),
    orphans: each(report.orphans),
  }
}

const VIEWS: readonly (readonly string[])[] = [
  ['1'],
  ['f'],
  ['esc', 'w'],
  ['esc', '2'],
  ['enter'],
  ['ctrl-f'],
  ['x'],
  ['esc', 'esc', '3'],
  ['enter'],
  ['esc', 's'],
  ['4'],
  ['enter'],
  ['ctrl-f'],
  ['esc', '5'],
  ['enter'],
  ['esc', '6'],
  ['enter'],
  ['esc', '2', '/', 'r', 'e', 'd'],
  ['esc', ':', 'r', 'e'],
  ['esc', 'space', 'y'],
  ['c'],
  ['e'],
  ['esc', '?'],
]

let plain: Report
let drawn: Drawn[] = []
beforeAll(() => {
  plain = reportOf(['overlay2-buildkit'])
})
afterEach(() => {
  for (const each of drawn) each.close()
  drawn = []
})

async function show(report: Report, columns: number, rows: number): Promise<Drawn> {
  const shown = await draw(report, { columns, rows })
  drawn.push(shown)
  return shown
}

const stylesOf = (cells: readonly string[]): Set<string> =>
  new Set(cells.flatMap((row) => [...row.matchAll(/\{[01]{8} [^}]*\}/g)].map(([style]) => style)))

/** All that a line may look like: bold, faint, inverse, and the eight basic colours on the terminal's own ground. */
const OURS = /^\{[01]{2}000[01]00 \d+\.(?:-1|[0-7])\/(?:0\.-1|16777216\.6)\}$/

describe.each([
  [40, 12],
  [100, 30],
  [200, 50],
] as const)('a report of nothing but dangerous names at %ix%i', (columns, rows) => {
  test('drives every view and changes nothing of the terminal that we did not', {
    timeout: 60_000,
  }, async () => {
    const tame = await show(plain, columns, rows)
    const wild = await show(hostile(plain), columns, rows)
    for (const keys of VIEWS) {
      await tame.press(...keys)
      await wild.press(...keys)
      const cells = wild.cells()
      expect(wild.text().join('\n')).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066\u200b\u00ad]/,
      )
      expect(wild.modes()).toEqual(tame.modes())
      for (const row of cells) expect(row.split(/\{[01]{8} [^}]*\}/).slice(0, -1)).toHaveLength(columns)
      for (const style of stylesOf(cells)) expect(style).toMatch(OURS)
    }
    expect(wild.modes().title).toBe('')
  })

  test('keeps the columns of every list in line', { timeout: 60_000 }, async () => {
    const wild = await show(hostile(plain), columns, rows)
    for (const view of ['2', '3', '4', '5', '6']) {
      await wild.press(view)
      const table = wild
        .cells()
        .slice(1, -3)
        .map((row) => row.split(/\{[01]{8} [^}]*\}/).slice(0, -1))
      const title = (table[0] ?? []).map((cell) => cell.slice(0, -1)).join('')
      const [column = ''] = /(?:DISK|TOTAL)(?: ▾)?/.exec(title) ?? []
      const end = title.indexOf(column) + column.length
      // The pane beside the list goes on where the list has ended; the heading of a kind of records has no columns.
      const listed = table.slice(1).filter((row) => {
        const words = row.slice(0, end).map((cell) => cell.slice(0, -1))
        return words.some((word) => word !== ' ') && !/ \d+ records?, /.test(words.join(''))
      })
      expect(listed.length).toBeGreaterThan(0)
      for (const row of listed) expect(row[end - 1]).toMatch(/^[B-]1$/)
    }
  })
})
