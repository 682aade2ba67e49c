import { beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { openPalette, resultsOf, searched } from '../../src/tui/palette/palette.ts'
import { startSearch } from '../../src/tui/palette/search.ts'
import { updateAll } from '../../src/tui/update.ts'
import { type Journey, open, start } from './support/journey.ts'
import { reportOf, reportOfImages } from './support/reports.ts'

let report: Report
beforeAll(() => {
  report = reportOf(['overlay2-buildkit'])
})

/** What is found, as kind and name. */
const found = ({ rows }: Journey): string[] =>
  rows
    .slice(2, -2)
    .filter((row) => row !== '')
    .map((row) => row.slice(2).replace(/ {2,}/g, ' '))

describe('the palette', () => {
  test('finds an image by its tag and by its id, and Esc comes back to where one was', () => {
    const list = open(report).press('4', 'j', 'j')
    const typed = list.press('ctrl-p').type('shop:2')
    expect(found(typed)[0]).toMatch(/^image shop:2 \S+B$/)
    const image = typed.press('enter')
    expect(image.screen).toContain('Containers › image shop:2')
    expect(image.press('esc').screen).toBe(list.screen)
    const id = report.images.find(({ tags }) => tags.includes('shop:2'))?.id ?? ''
    for (const name of [id, id.slice(7, 19), id.slice(0, 19)])
      expect(found(open(report).press(':').type(name))[0]).toMatch(/^image shop:2/)
  })

  test('finds layers, containers, volumes, cache records and findings', () => {
    const search = (text: string): string[] => found(open(report).press(':').type(text))
    const layer = report.layers.find(({ cacheId }) => cacheId !== null)
    expect(search(layer?.cacheId ?? '')[0]).toMatch(/^layer [0-9a-f]{12} in /)
    expect(search(layer?.diffId ?? '')[0]).toMatch(/^layer /)
    expect(search('chatty')[0]).toMatch(/^container chatty/)
    expect(search('data')[0]).toMatch(/^volume data/)
    const [record] = report.cacheRecords
    expect(search(record?.id ?? '')[0]).toMatch(/^cache record /)
    const [finding] = report.findings
    expect(search(finding?.code ?? '').join()).toContain('finding')
    const page = open(report)
      .press(':')
      .type(finding?.code ?? '')
      .press('enter')
    expect(page.screen).toContain('› Findings')
  })

  test('finds the layer that a path lies in', () => {
    const layer = report.layers.find(({ path }) => path !== null)
    const path = `${report.roots[0]?.path}/${layer?.path}/etc/passwd`
    expect(found(open(report).press(':').paste(path))[0]).toMatch(/^layer /)
    expect(found(open(report).press(':').type(path))[0]).toMatch(/^layer /)
  })

  test('the name itself comes first, then what begins so, then what holds it, then words, then letters', () => {
    const names = ['webapp:1', 'app:10', 'my/app:1', 'app:1', 'a-big-pp:1', 'app:1-big']
    const many = reportOfImages(report, names)
    const kinds = found(open(many).press(':').type('app:1')).filter((row) => row.startsWith('image'))
    expect(kinds.map((row) => row.split(' ')[1])).toEqual([
      'app:1',
      'app:1-big',
      'app:10',
      'my/app:1',
      'webapp:1',
      'a-big-pp:1',
    ])
    expect(found(open(many).press(':').type('big app:1'))[0]).toMatch(/^image app:1-big/)
  })

  test('finds commands by the names that they go by elsewhere, and shows those', () => {
    const first = (text: string): string => found(open(report).press('2', ':').type(text))[0] ?? ''
    expect(first('export')).toMatch(/^command export write the JSON report/)
    expect(first('quit')).toMatch(/^command quit/i)
    expect(first('exit')).toMatch(/^command quit/i)
    expect(first('sort')).toMatch(/^command sort sort by/)
    expect(first('units')).toMatch(/^command units /)
    expect(first('plan')).toMatch(/^command plan the plan/)
    expect(first('rescan')).toMatch(/^command reload read everything again/)
  })

  test('runs commands by their words, in the place where one stands', () => {
    const list = open(report).press('2')
    expect(found(list.press(':')).join('\n')).toContain('command sort sort by the next column')
    const sorted = list.press(':').type('reverse').press('enter')
    expect(sorted.screen).toBe(list.press('S').screen)
    expect(list.press(':').type('volumes').press('enter').screen).toBe(list.press('5').screen)
    expect(list.press(':').type('quit').press('enter').effects).toContainEqual({ kind: 'quit' })
  })

  test('a paste goes in as text, letters are letters, and nothing found is a sentence', () => {
    const typed = open(report).press(':').paste('q\n:').type('q2')
    expect(typed.effects).toEqual([])
    expect(typed.state.palette?.text).toBe('q :q2')
    expect(typed.screen).toContain('Nothing here has that name')
    expect(typed.press('enter').screen).toBe(typed.screen)
    expect(typed.press('esc').screen).toBe(open(report).screen)
    expect(open(report).press(':', 'backspace').screen).toBe(open(report).screen)
  })

  test('opens before anything is read, and finds what the scan brings', () => {
    const early = start().press(':').type('chatty')
    expect(early.screen).not.toContain('container')
    expect(found(early.scan({ kind: 'done', report, exact: true, wasStopped: false }))[0]).toMatch(
      /^container chatty/,
    )
  })
})

describe('forty thousand objects', () => {
  const COUNT = 20_000

  test('each key looks at some of them, and idle moments at the rest, with the same outcome', () => {
    const many = reportOfImages(
      report,
      Array.from({ length: COUNT }, (_, index) => `app-${index}:latest`),
    )
    let { state } = open(many).press(':').type('app-1999')
    const idle = (): void => {
      for (let times = 0; times < COUNT && state.palette?.search.isDone === false; times++)
        ({ state } = updateAll(state, [{ kind: 'idle' }]))
    }
    idle()
    expect(state.palette?.search.isDone).toBe(true)
    expect(state.palette?.search.looked).toBeGreaterThan(COUNT)
    expect(state.palette?.search.count).toBeGreaterThanOrEqual(11)
    // What is typed on is looked for among what was found.
    ;({ state } = updateAll(state, [{ kind: 'input', input: { kind: 'key', key: '9' } }]))
    idle()
    expect(state.palette?.search.looked).toBeLessThan(100)
    expect(state.palette?.search.isDone).toBe(true)
  })

  test('a slice ends soon after its time is over, and slices of any length find the same', () => {
    const many = reportOfImages(
      report,
      Array.from({ length: 2000 }, (_, index) => `app-${index}:latest`),
    )
    const search = (isOver: () => boolean): { slices: number; looked: number[]; found: string[] } => {
      const opened = openPalette('overview', many)
      let palette = searched({ ...opened, text: 'app-19', search: startSearch('app-19', null) }, isOver)
      const looked = [palette.search.looked]
      while (!palette.search.isDone) {
        palette = searched(palette, isOver)
        looked.push(palette.search.looked)
      }
      const found = resultsOf(palette).map((each) => (each.kind === 'entry' ? each.entry.text : each.name))
      return { slices: looked.length, looked, found }
    }
    const short = search(() => true)
    expect(short.looked[0]).toBe(64)
    const whole = search(() => false)
    expect(whole.slices).toBe(1)
    expect(short.found).toEqual(whole.found)
    expect(short.found.length).toBeGreaterThan(100)
  })
})
