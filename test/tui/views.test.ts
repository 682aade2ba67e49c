import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import type { Settings } from '../../src/tui/state.ts'
import { fixtureRoot } from '../support/fixtures.ts'
import { answered, type ScannedRoots, scanRoots } from './support/answering.ts'
import { type Drawn, draw } from './support/drawn.ts'
import { open } from './support/journey.ts'
import { reportOf, reportOfImages } from './support/reports.ts'

let report: Report
let roots: ScannedRoots
let drawn: Drawn | null = null
beforeAll(() => {
  roots = scanRoots([fixtureRoot('overlay2-buildkit')])
  report = roots.report
})
afterEach(() => {
  drawn?.close()
  drawn = null
})

async function show(settings: Partial<Settings> = {}, of: Report = report): Promise<Drawn> {
  drawn = await draw(of, settings)
  return drawn
}

const SIZES = [
  [40, 12],
  [60, 16],
  [80, 24],
  [139, 30],
  [200, 50],
] as const

describe('at every size', () => {
  test.each(SIZES)(
    '%ix%i: every view fills the screen exactly, and nothing is wider than it',
    async (columns, rows) => {
      const terminal = await show({ columns, rows })
      for (const keys of [['1'], ['2'], ['3'], ['4'], ['5'], ['6'], ['2', 'enter'], ['f'], ['?']]) {
        await terminal.press(...keys)
        const text = terminal.text()
        expect(text).toHaveLength(rows)
        expect(text[0]).toMatch(columns < 60 ? /^ 1.* 2.* 6/ : /^ 1 Overview {1,2}2 Images/)
        expect(text.at(-1)).toMatch(/q quit$/)
      }
    },
  )

  test('below 40x12 one sentence says so, and the view comes back with the room', async () => {
    const terminal = await show()
    const before = terminal.text()
    await terminal.resize(50, 11)
    expect(terminal.text().join(' ')).toContain('layerscope needs 40x12 characters; this terminal has 50x11.')
    await terminal.resize(80, 24)
    expect(terminal.text()).toEqual(before)
  })
})

describe('the overview at 80x24', () => {
  test('answers without a key pressed', async () => {
    const text = (await show()).text()
    expect(text[1]).toMatch(/^ {2}\S+overlay2-buildkit {2}layerdb\/overlay2$/)
    expect(text[2]).toMatch(/^ {2}file system [█▏▎▍▌▋▊▉░]{24} \d+% full, \S+ of \S+ free$/)
    expect(text[4]).toMatch(/^ {2}Where the space is {2}\S+ on disk in \d+ inodes$/)
    expect(text[5]).toMatch(/^▸ {3}\S.* +\S+B +\d+% {2}█/)
    expect(text.slice(11)).toEqual([
      '',
      '  What frees space  known when everything is read and measured',
      '',
      '  docker system df  98.34kB in all, 79.88kB reclaimable',
      '  Findings  1 warning',
      '',
      expect.stringMatching(/^ {2}Largest {2}4 of \d+$/),
      ...Array.from({ length: 4 }, () =>
        expect.stringMatching(/^ {6,}\S+B {2}(layer|container|log|volume|build cache) /),
      ),
      expect.anything(),
      expect.stringContaining('q quit'),
    ])
  })

  test('says what can go: the gentlest, the usual and the most, each with what the disk gets back', () => {
    const text = answered(open(roots.report), roots).rows
    const title = text.indexOf('  What frees space  each command alone, by what the disk gets back')
    expect(text.slice(title + 1, title + 4)).toEqual([
      expect.stringMatching(/^ +\S+B {2}docker builder prune +dangling build cache$/),
      expect.stringMatching(/^ +\S+B {2}docker system prune +what is stopped or dangling$/),
      expect.stringMatching(/^ +\S+B {2}docker system prune -a --volumes +all unused, volumes too$/),
    ])
    expect(text.filter((row) => /^▸? +\S.* +\S+B +<?\d+% /.test(row)).length).toBeGreaterThan(3)
  })

  test('with more room the engine’s own table stands there whole', () => {
    const text = answered(open(roots.report, { rows: 34 }), roots).rows
    const table = text.findIndex((row) => row.startsWith('  docker system df'))
    expect(text.slice(table, table + 5)).toEqual([
      '  docker system df      total  active       size       reclaimable',
      '    Images                 15       6    58.41kB     46.26kB (79%)',
      '    Containers             16       0    5.217kB    5.217kB (100%)',
      '    Local Volumes           5       4    6.319kB           0B (0%)',
      '    Build Cache            22       0     28.4kB            28.4kB',
    ])
  })

  test.each([
    [80, 24],
    [80, 26],
    [60, 20],
  ])(
    'of two roots at %ix%i keeps where the space is and what can go, and all of it fits',
    (columns, rows) => {
      const two = scanRoots([fixtureRoot('overlay2-buildkit'), fixtureRoot('legacy-aufs')])
      const overview = answered(open(two.report, { columns, rows }), two)
      const categories = overview.rows.filter((row) => /\S+B +<?\d+% {2}█/.test(row))
      expect(categories.length).toBeGreaterThanOrEqual(3)
      expect(overview.screen).toMatch(/^ +\S+B {2}docker system prune/m)
      expect(overview.screen.match(/^ {2}docker system df {2}\S+ in all/gm)).toHaveLength(2)
      expect(overview.screen).toContain('Largest')
      expect(overview.rows.at(-2)).not.toContain('top')
    },
  )

  test('sums up what the engine says before volumes are measured, and says that more is to come', () => {
    const pending = open(reportOf(['overlay2-buildkit'], { measure: false }), { measure: false })
    expect(pending.screen).toMatch(/^ {2}docker system df {2}\S+B known so far, \S+B reclaimable$/m)
  })

  test('says where nothing can be simulated what tells instead, and why', () => {
    const podman = scanRoots([fixtureRoot('podman-overlay')])
    const overview = answered(open(podman.report), podman)
    expect(overview.screen).toContain('What frees space  each image by what it alone gives back')
    expect(answered(overview.press('w'), podman).screen).toContain("is podman's: what podman")
  })

  test('says where inodes run out, which bytes do not tell', () => {
    const [root, ...others] = report.roots
    const filesystem = root?.filesystem
    if (root === undefined || filesystem === null || filesystem === undefined)
      throw new Error('no file system')
    const full = { ...root, filesystem: { ...filesystem, totalInodes: 1000, freeInodes: 0 } }
    const overview = open({ ...report, roots: [full, ...others] })
    expect(overview.rows[3]).toContain('100% used, no inode is free: no file can be made')
  })

  test('marks hidden stores', async () => {
    const stores = report.stores.map((store) => ({ ...store, active: false }))
    expect((await show({}, { ...report, stores })).text()[1]).toContain('layerdb/overlay2 (hidden)')
  })
})

describe('the chain of an image', () => {
  test('is drawn base first, with bars, commands, ids, users and directories', async () => {
    const terminal = await show({ rows: 40 })
    await terminal.press('2', '/', 's', 'h', 'o', 'p', ':', '2', 'enter', 'enter', '[')
    const text = terminal.text()
    const chain = text.findIndex((row) => row.includes('layers, base first'))
    expect(text[chain + 1]).toMatch(/^▸ {3}1 █\S* +\S+B {2}COPY file:/)
    expect(text[chain + 2]).toMatch(
      /^ {6}428571cf385b · also in base:1, \S+ and \d+ more · overlay2\/[0-9a-f]+…$/,
    )
    expect(text[chain + 3]).toMatch(/^ +no layer {2}ENV PATH=\/bin$/)
    const end = text.findIndex((row, index) => index > chain && row === '')
    expect(text.slice(chain, end).filter((row) => /^[▸›] +\d+ [█▏▎▍▌▋▊▉]/.test(row))).toHaveLength(
      report.images.find(({ tags }) => tags.includes('shop:2'))?.layers.length ?? 0,
    )
  })
})

describe('without colours, and in ASCII', () => {
  const styles = (cells: readonly string[]): string[] =>
    cells.flatMap((row) => [...row.matchAll(/\{(\d+) (\S+?)\/(\S+?)\}/g)].map(([, , fore]) => fore ?? ''))

  test('no colours where none are wanted; the selection is still inverse, with a mark', async () => {
    const terminal = await show({ look: { color: false, ascii: false } })
    expect(new Set(styles(terminal.cells()))).toEqual(new Set(['0.-1']))
    const selected = terminal.cells().find((row) => row.startsWith('▸')) ?? ''
    expect(selected).toMatch(/^▸1\{00000100/)
  })

  test('colours are the eight basic ones at most', async () => {
    const terminal = await show()
    for (const style of new Set(styles(terminal.cells())))
      if (style !== '0.-1') expect(Number(style.split('.')[1])).toBeLessThan(8)
  })

  test('only ASCII in lines, bars and marks, and in names too', async () => {
    const odd = reportOfImages(report, ['日本語:1', 'café:2', 'plain:3'])
    const terminal = await show({ look: { color: true, ascii: true } }, odd)
    for (const keys of [['1'], ['2'], ['3'], ['2', 'enter'], ['?'], ['esc', 'esc', '/']]) {
      await terminal.press(...keys)
      expect(terminal.text().join('\n')).toMatch(/^[\n -~]*$/)
    }
  })
})

describe('names from disk', () => {
  const NASTY = [
    'red\u001b[31m:1',
    'title\u001b]0;owned\u0007:1',
    'line\nbreak\ttab:1',
    'bidi\u202egnp.exe:1',
    'zero\u200bwidth:1',
    'c1\u009b31m:1',
    'wide日本語'.repeat(30),
    'e\u0301\u0301\u0301 combining:1',
    'lone\ud800surrogate:1',
    `long${'x'.repeat(10_000)}:1`,
  ]

  test('cannot change the terminal, and columns stay aligned', async () => {
    const terminal = await show({ columns: 100 }, reportOfImages(report, NASTY))
    for (const keys of [['2'], ['enter'], ['esc', '3'], ['1']]) {
      await terminal.press(...keys)
      const text = terminal.text().join('\n')
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u200b]/)
    }
    await terminal.press('2')
    // Each cell is its character, its width and its style: the sizes stand in the same columns in every row.
    const rows = terminal.cells().slice(1, 2 + NASTY.length)
    const cells = rows.map((row) => row.split(/\d\{[01]{8} [^}]*\}/).slice(0, -1))
    const end = (cells[0] ?? []).join('').indexOf(' SIZE') + 4
    for (const row of cells) expect(row).toHaveLength(100)
    for (const row of cells.slice(1)) expect(row[end]).toBe('B')
    expect(terminal.text().join('\n')).toContain('red\\e[31m:1')
  })
})

describe('bytes', () => {
  test('moving down a list costs under 350 bytes a key at 80x24', async () => {
    const terminal = await show(
      {},
      reportOfImages(
        report,
        Array.from({ length: 500 }, (_, index) => `team/app-${index}:latest`),
      ),
    )
    for (const view of ['2', '3']) {
      await terminal.press(view)
      terminal.takeBytes()
      for (let key = 0; key < 100; key++) await terminal.press('j')
      expect(terminal.takeBytes() / 100).toBeLessThan(350)
    }
  })

  test('typing in a filter costs under 60 bytes a letter at 80x24', async () => {
    const terminal = await show(
      {},
      reportOfImages(
        report,
        Array.from({ length: 500 }, (_, index) => `team/application-${index}:latest`),
      ),
    )
    await terminal.press('2', '/')
    terminal.takeBytes()
    const letters = [...'team/application-']
    for (const letter of letters) await terminal.press(letter)
    expect(terminal.takeBytes() / letters.length).toBeLessThan(60)
  })

  test('the same state costs nothing', async () => {
    const terminal = await show()
    await terminal.press('2', 'g')
    terminal.takeBytes()
    await terminal.press('g', 'k', 'z')
    expect(terminal.takeBytes()).toBe(0)
  })
})
