import { beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { LIST_COLUMNS } from '../../src/tui/lists/columns.ts'
import { openTarget } from '../../src/tui/pages/open-page.ts'
import { browseSelected } from '../../src/tui/pages/open-selected.ts'
import { currentPage, type State, VIEWS } from '../../src/tui/state.ts'
import { settledState } from '../../src/tui/update.ts'
import { type Journey, open } from './support/journey.ts'
import { recordedReportOf, reportOf, reportOfImages } from './support/reports.ts'

const UNKNOWN = { content: null, disk: null, files: null }

let report: Report
beforeAll(() => {
  report = reportOf(['overlay2-buildkit'])
})

/** The first cells of the rows on screen. */
const names = (journey: Journey): string[] =>
  journey.rows.slice(2, -3).flatMap(
    (row) =>
      row
        .slice(2)
        .trim()
        .split(/\s{2,}/)[0] || [],
  )

describe('filtering', () => {
  test('typing filters at once, Enter keeps it, Esc clears it', () => {
    const typed = open(report).press('2').type('/shop')
    expect(names(typed)).toContain('shop:1')
    expect(names(typed)).not.toContain('base:1')
    expect(typed.screen).toContain('/shop')
    const kept = typed.press('enter')
    expect(kept.screen).toContain('filter shop')
    expect(names(kept.press('esc'))).toContain('base:1')
    expect(names(typed.press('esc'))).toContain('base:1')
  })

  test('letters are letters while a filter is typed, whatever they do elsewhere', () => {
    const typed = open(report).press('2').type('/qjr')
    expect(typed.effects).toEqual([])
    expect(typed.state.views.images).toMatchObject({ filter: 'qjr' })
  })

  test('Ctrl-W and Alt-Backspace take a word away', () => {
    const typed = open(report).press('2').type('/app size>1')
    expect(typed.press('ctrl-w').screen).toContain('/app ')
    expect(typed.press('alt-backspace').screen).toBe(typed.press('ctrl-w').screen)
  })

  test('backspace widens again, and leaves when nothing is left', () => {
    const typed = open(report).press('2').type('/shop')
    const wider = typed.press('backspace', 'backspace', 'backspace', 'backspace')
    expect(names(wider)).toEqual(names(open(report).press('2')))
    expect(wider.press('backspace').state.typing).toBe(false)
  })

  test('typing letter by letter gives what typing at once gives', () => {
    const rows = (filter: string): string[] => names(open(report).press('2').press('/').paste(filter))
    for (const filter of ['shop 1', 'none', 'a b', 'latest'])
      expect(names(open(report).press('2').type(`/${filter}`))).toEqual(rows(filter))
  })

  test('several words must all occur, in any column', () => {
    const typed = open(report).press('4').type('/base exited')
    expect(names(typed).length).toBeGreaterThan(2)
    expect(typed.screen).not.toContain('created  ')
  })

  test('a column can be compared: sizes, flags and texts', () => {
    const count = (filter: string): number =>
      names(open(report, { rows: 30 }).press('2').type(`/${filter}`)).length
    const all = count('')
    expect(count('size>10k')).toBeLessThan(all)
    expect(count('size>10k') + count('size<=10k')).toBe(all)
    expect(count('name=shop')).toBe(5)
    expect(count('unused=true') + count('unused=false')).toBe(all)
    expect(count('name=shop size>30k')).toBe(1)
  })

  test('a comparison that is not finished filters nothing yet', () => {
    const all = names(open(report).press('2'))
    expect(names(open(report).press('2').type('/size>'))).toEqual(all)
  })

  test('a filter is understood as the command line understands it, and what it cannot mean is a sentence', () => {
    const filter = (text: string): Journey =>
      open(report, { rows: 30 }).press('2').press('/').paste(text).press('enter')
    const all = names(filter('')).length
    expect(names(filter('unused')).length + names(filter('-unused')).length).toBe(all)
    expect(names(filter('age>1y'))).toHaveLength(all)
    expect(filter('age>30').screen).toContain('The filter "age>30" wants a span of time')
    expect(names(open(report, { rows: 30 }).press('2').type('/unused'))).toEqual(names(filter('unused')))
  })

  test('what stands above a column is a name of it, in every list', () => {
    const views = ['images', 'layers', 'containers', 'volumes', 'cache'] as const
    for (const [index, view] of views.entries())
      for (const { title, key } of LIST_COLUMNS[view]) {
        if (key === 'bar') continue
        const list = open(report).press(String(index + 2), '/')
        const typed = list.paste(`${title.toLowerCase().replaceAll(' ', '-')}=`)
        expect([title, typed.state.views[view]]).toEqual([title, expect.objectContaining({ problem: null })])
      }
    expect(names(open(report).press('2').type('/image=shop')).length).toBe(5)
  })

  test.each([
    [80, 24],
    [40, 12],
  ])(
    'at %ix%i a filter that is none leaves no row and says at once which there are, and stays',
    (columns, rows) => {
      for (const [view, filter, key] of [
        ['3', 'age>1d', 'parent'],
        ['5', 'state=exited', 'driver'],
        ['2', 'colour=', 'repository'],
      ] as const) {
        const typed = open(report, { columns, rows }).press(view).type(`/${filter}`)
        for (const journey of [typed, typed.press('enter')]) {
          const said = journey.screen.replace(/\s+/g, ' ')
          expect(said).toContain(`There is no filter "${filter.match(/\w+/)?.[0]}" here; there are`)
          expect(said).toContain(key)
          expect(said).toContain('Esc clears the filter.')
          expect(said).toContain(filter)
          expect(journey.state.views[VIEWS[Number(view) - 1] ?? 'images']).toMatchObject({ order: [] })
        }
        expect(typed.press('enter', 'esc').selected).not.toBe('')
      }
    },
  )

  test('while it is typed what may become a filter leaves all rows, and Enter takes it as it is', () => {
    const all = names(open(report).press('2')).length
    for (const beginning of ['age>3', 'size>1Gi', 'unused=t'])
      expect(names(open(report).press('2').type(`/${beginning}`))).toHaveLength(all)
    const kept = open(report).press('2').type('/age>3').press('enter')
    expect(kept.screen).toContain('The filter "age>3" wants a span of time')
    expect(kept.screen).toContain('filter age>3')
    expect(kept.state.views.images).toMatchObject({ order: [] })
    expect(open(report).press('2').type('/size>big').screen).toContain('wants a number or a size')
  })

  test('a filter that nothing matches says what it could have been', () => {
    const typed = open(report).press('2').type('/nonsense')
    expect(typed.screen).toContain('No image matches “nonsense”. Esc clears the filter.')
    expect(typed.screen).toContain('repository, tag')
  })

  test('a paste is text, not keys', () => {
    const pasted = open(report).press('2', '/').paste('shop\nq')
    expect(pasted.effects).toEqual([])
    expect(pasted.state.views.images).toMatchObject({ filter: 'shop q' })
    expect(open(report).press('2').paste('q').effects).toEqual([])
  })

  test('the filtered layers stand alone, without tree lines, and Esc brings the forest back', () => {
    const typed = open(report).press('3').type('/shop')
    expect(typed.screen).not.toContain('├─')
    expect(typed.press('esc').screen).toContain('├─')
  })

  test('the selection survives the filter', () => {
    const selected = open(report).press('2').type('/rebuilt').press('enter', 'j').press('esc')
    expect(selected.selected).toContain('rebuilt:latest')
  })
})

describe('sorting', () => {
  test('s goes through the columns, S turns the order round', () => {
    const sorted = open(report).press('2')
    expect(sorted.screen).toContain('by disk ▾')
    expect(sorted.press('S').screen).toContain('by disk ▴')
    expect(sorted.press('s').screen).toContain('by freed ▾')
    expect(sorted.press('s', 's').screen).toContain('by image ▴')
    const byName = names(sorted.press('s', 's'))
    expect(byName).toEqual(byName.toSorted((a, b) => (a < b ? -1 : 1)))
  })

  test('the forest is one of the orders of the layers', () => {
    const layers = open(report).press('3')
    expect(layers.screen).toContain('as a forest')
    const sorted = layers.press('s')
    expect(sorted.screen).not.toContain('├─')
    const keys = 6
    expect(layers.press(...Array.from({ length: keys }, () => 's')).screen).toContain('as a forest')
  })

  test('the selected row stays selected when the order changes', () => {
    const selected = open(report).press('2', 'j', 'j', 'j')
    const [name = ''] = selected.selected.split(' ')
    expect(selected.press('s', 's').selected.startsWith(name)).toBe(true)
    expect(selected.press('S').selected.startsWith(name)).toBe(true)
  })
})

describe('the forest', () => {
  test('shared chains stand once, branches move to the right, and tops name their images', () => {
    const { rows } = open(report).press('3')
    const forest = rows.slice(2, -2).map((row) => row.slice(32))
    expect(forest.slice(0, 8)).toEqual([
      expect.stringMatching(/^● [0-9a-f]{12} {2}◂ base:1, base:latest/),
      expect.stringMatching(/^├─● [0-9a-f]{12}$/),
      expect.stringMatching(/^│ ● [0-9a-f]{12}$/),
      expect.stringMatching(/^│ ● [0-9a-f]{12} {2}◂ shop:1, shop:latest$/),
      expect.stringMatching(/^│ ├─● [0-9a-f]{12}$/),
      expect.stringMatching(/^│ │ ● [0-9a-f]{12}$/),
      expect.stringMatching(/^│ │ ● [0-9a-f]{12} {2}◂ shop:2$/),
      expect.stringMatching(/^│ └─● [0-9a-f]{12} {2}◂ /),
    ])
  })

  test('left folds what stands on a layer and then goes to its parent, right unfolds', () => {
    const layers = open(report).press('3', 'j')
    const folded = layers.press('h')
    expect(folded.selected).toMatch(/├─\+ [0-9a-f]{12} {2}\+6 above/)
    expect(folded.press('l').screen).toBe(layers.screen)
    expect(folded.press('left').selected).toContain('base:1')
    expect(folded.press('j').selected).not.toContain('│ ●')
  })

  test('a folded layer takes what it hides as well, and so does a folded store', () => {
    const layers = open(report).press('3', 'u', 'u')
    const sizes = (rows: readonly string[]): number[] =>
      rows.map((row) => Number(row.slice(2).trim().split(/ +/)[0]))
    const chain = layers.rows.slice(3, 10)
    expect(sizes([layers.press('j', 'h').rows[3] ?? ''])).toEqual([
      sizes(chain).reduce((sum, each) => sum + each),
    ])
    expect(sizes([layers.press('j', 'h', 'l').rows[3] ?? ''])).toEqual(sizes(chain.slice(0, 1)))
    const all = report.layers.reduce((sum, { size }) => sum + (size.disk ?? Number.NaN), 0)
    const both = open(reportOf(['overlay2-buildkit', 'legacy-aufs'])).press('3', 'u', 'u', 'enter')
    expect(both.selected).toContain(`${report.layers.length} layers, ${all}, in `)
  })

  test('minus folds everything, plus unfolds everything', () => {
    const layers = open(report).press('3', 'G')
    const folded = layers.press('-')
    expect(folded.screen).not.toContain('├─')
    expect(folded.press('+', 'G').screen).toBe(layers.screen)
  })

  test('every store has a heading where there are several, which Enter folds', () => {
    const both = open(reportOf(['overlay2-buildkit', 'legacy-aufs'])).press('3')
    expect(both.selected).toMatch(/^layerdb\/overlay2 \d+ layers in /)
    const folded = both.press('enter')
    expect(folded.screen).toMatch(/▸ \+ layerdb\/overlay2/)
    expect(folded.screen).toContain('graph/aufs')
  })
})

describe('what the list shows', () => {
  test('one layer is one layer', () => {
    const screen = open(reportOf(['containerd'])).press('3').screen
    expect(screen).toMatch(/containerd\/native 1 layer in /)
    expect(screen).toMatch(/containerd\/overlayfs \d layers in /)
  })

  test('an empty list has a sentence and nothing else: no titles, no order', () => {
    const empty = open({ ...report, volumes: [] }).press('5')
    expect(empty.screen).toContain('There are no volumes here.')
    expect(empty.rows[1]).toBe('')
    expect(empty.rows.at(-2)).toBe('')
  })

  test('a shows the steps of builds too', () => {
    const images = open(report).press('2')
    const all = images.press('a')
    expect(all.screen).toContain('steps of builds too')
    expect(all.rows.at(-2)).not.toBe(images.rows.at(-2))
    expect(all.press('a').screen).toBe(images.screen)
  })

  test('u goes from decimal to binary units to exact bytes and says so', () => {
    const images = open(report).press('2')
    expect(images.press('u').screen).toContain('KiB')
    expect(images.press('u').screen).toContain('Sizes in binary units')
    expect(images.press('u', 'u').screen).toMatch(/\b36240\b/)
    expect(images.press('u', 'u', 'u', 'j').screen).toBe(images.press('j').screen)
  })

  test('y copies the id, Y the directory, and both say what', () => {
    const container = open(report).press('4')
    const [writer] = report.containers.filter(({ name }) => name === 'writer')
    const copied = container.press('y')
    expect(copied.effects).toEqual([{ kind: 'copy', text: writer?.id }])
    expect(copied.screen).toContain(`Copied ${writer?.id.slice(0, 12)}`)
    const path = `${report.roots[0]?.path}/${writer?.layerPath}`
    expect(container.press('Y').effects).toEqual([{ kind: 'copy', text: path }])
  })

  test('narrow screens keep the most important columns, wide ones show the object beside the list', () => {
    const images = open(report).press('2')
    expect(images.resize(60, 16).rows[1]?.trim().split(/\s+/)).toEqual([
      'IMAGE',
      'SIZE',
      'DISK',
      '▾',
      'FREED',
    ])
    const narrow = (view: string): string[] =>
      open(report, { columns: 40, rows: 12 }).press(view).rows[1]?.trim().split(/ {2,}/) ?? []
    expect(narrow('2')).toEqual(['IMAGE', 'SIZE', 'DISK ▾'])
    expect(narrow('3')).toEqual(['DISK', 'LAYER'])
    expect(narrow('4')).toEqual(['CONTAINER', 'STATE', 'TOTAL ▾'])
    expect(narrow('5')).toEqual(['VOLUME', 'DISK ▾', 'USED BY'])
    expect(narrow('6')).toEqual(['BUILD CACHE', 'SIZE', 'DISK'])
    const wide = images.resize(200, 50)
    expect(wide.rows[1]).toMatch(/ID .*CREATED|CREATED.*SHARED/)
    expect(wide.rows[1]).toContain('│ image shop:2')
    expect(wide.screen).toContain('Chain')
  })
})

describe('the line below a list', () => {
  const below = (journey: Journey): string => journey.rows.at(-3)?.trim() ?? ''

  test('sums up what is shown: of images each layer once, after a filter what it left', () => {
    const images = open(report).press('2')
    expect(below(images)).toMatch(/^15 images, \S+B on disk, each layer once$/)
    expect(below(images.type('/shop'))).toMatch(/^\d of 15 images, \S+B on disk, each layer once$/)
    expect(below(images.type('/nothing'))).toBe('')
    expect(below(open(report).press('4'))).toMatch(/^\d+ containers, \S+B on disk$/)
    expect(below(open(report).press('6'))).toMatch(/^22 records, \S+B its own, \S+B shared with images$/)
  })

  test('says of the build cache what the Overview says', () => {
    const cache = /build cache +(\S+)/.exec(open(report).screen)?.[1]
    expect(below(open(report).press('6'))).toContain(` ${cache} its own`)
  })

  test('counts what is folded away, and nothing before it is measured as on disk', () => {
    const layers = open(report).press('3')
    expect(below(layers.press('-'))).toBe(below(layers))
    expect(below(open(recordedReportOf(['overlay2-buildkit'])).press('2'))).toMatch(/, \S+B recorded$/)
  })

  test.each([
    [40, 12],
    [60, 16],
    [200, 50],
  ])('is whole at %ix%i, and every other row is there', (columns, rows) => {
    for (const view of ['2', '3', '4', '5', '6']) {
      const list = open(report, { columns, rows }).press(view)
      expect(list.rows).toHaveLength(rows)
      expect(below(list).split(/ *│/)[0]).toMatch(/^\d+ [a-z ]+, .*\S$/)
      expect(below(list)).not.toContain('…')
      expect(list.press('G').selected).not.toBe('')
    }
  })
})

describe('rows of several stores', () => {
  let both: Report
  beforeAll(() => {
    both = reportOf(['overlay2-buildkit', 'podman-overlay'])
  })

  test.each([
    [40, 12],
    [80, 24],
    [200, 50],
  ])('say at %ix%i which they are of', (columns, rows) => {
    const volumes = open(both, { columns, rows }).press('5').type('/data').press('enter')
    expect(volumes.rows[1]).toMatch(/^ {2}VOLUME +ROOT /)
    expect(names(volumes).length).toBeGreaterThan(1)
    expect(volumes.screen).toMatch(/data +docker/)
    expect(volumes.screen).toMatch(/data +podman/)
    expect(open(both, { columns, rows }).press('2').rows[1]).toMatch(/^ {2}IMAGE +STORE /)
    expect(open(both, { columns, rows }).press('4').rows[1]).toMatch(/^ {2}CONTAINER +STORE .*TOTAL ▾/)
  })

  test('are found by that name, and by that of the store', () => {
    for (const filter of ['/store=podman', '/store=containers-storage/overlay']) {
      const containers = open(both).press('4').type(filter).press('enter')
      expect(names(containers).length).toBeGreaterThan(0)
      expect(containers.rows.slice(2, -3).join()).not.toContain(' docker ')
    }
    expect(open(both).press('5').type('/root=podman').screen).toContain('podman')
  })

  test('say so only where there are several, and not twice in the forest', () => {
    expect(open(report).press('2').screen).not.toContain('STORE')
    // All of the build cache is docker's.
    expect(open(both).press('6').screen).not.toContain('STORE')
    expect(open(both).press('3').screen).not.toContain('STORE')
    expect(open(both).press('3', 's').screen).toMatch(/STORE +LAYER/)
  })
})

describe('an image that frees nothing', () => {
  test('says in a word why, and on its page whoever holds its layers', () => {
    const images = open(report).press('2')
    expect(images.selected).toMatch(/^shop:2 .* 0B used$/)
    expect(images.screen).toMatch(/committed:snap .* 0B shared\n/)
    const wide = open(report, { columns: 200, rows: 50 }).press('2').type('/committed').press('enter')
    expect(wide.screen).toMatch(/Removing it frees none of its layers: other images hold them/)
    expect(names(images.type('/shared'))).not.toContain('committed:snap')
  })

  test('keeps its figure for orders and filters', () => {
    const zero = open(report, { rows: 30 }).press('2').type('/freed=0 freed<1')
    expect(names(zero)).toContain('shop:2')
  })
})

describe('what a container takes', () => {
  const MEGABYTE = 2 ** 20
  /** The second container has a log that fills the disk, the third was not measured but for its log. */
  const logged = (): Report => ({
    ...report,
    containers: report.containers.map((container, index) => {
      const { size } = container
      const logs = { content: 9 * MEGABYTE, disk: 9 * MEGABYTE, files: 1 }
      if (index === 1)
        return {
          ...container,
          name: 'chatty',
          size: { ...size, logs, total: { ...logs, disk: 10 * MEGABYTE } },
        }
      return index === 2 ? { ...container, name: 'odd', size: { ...size, logs, total: UNKNOWN } } : container
    }),
  })

  test('its log counts: the list begins with what takes most of all, and of what is not known with the largest log', () => {
    const list = open(logged()).press('4')
    expect(list.screen).toContain('by total ▾')
    expect(list.selected).toMatch(/^chatty /)
    const total = report.containers.map(({ size: { writable, logs, other } }) =>
      [writable, logs, other].reduce((sum, { disk }) => sum + (disk ?? Number.NaN), 0),
    )
    expect(report.containers.map(({ size }) => size.total.disk)).toEqual(total)
    const unknown = logged()
    for (const container of unknown.containers) container.size = { ...container.size, total: UNKNOWN }
    expect(open(unknown).press('4').selected).toMatch(/^(chatty|odd) /)
  })

  test('narrow screens keep the total, and logs before what they are a part of', () => {
    const titles = (columns: number): string => open(logged(), { columns, rows: 16 }).press('4').rows[1] ?? ''
    expect(titles(40)).toMatch(/CONTAINER +STATE +TOTAL ▾/)
    expect(titles(60)).toMatch(/CONTAINER +STATE +LOGS +TOTAL ▾/)
  })

  test('what the filter compares is there to be seen', () => {
    const narrow = open(logged(), { columns: 40, rows: 12 }).press('4').type('/logs>10')
    expect(narrow.rows[1]).toMatch(/CONTAINER +LOGS +TOTAL ▾/)
    expect(narrow.press('enter').rows[1]).toMatch(/CONTAINER +LOGS +TOTAL ▾/)
    expect(narrow.press('esc').rows[1]).not.toContain('LOGS')
  })

  test('where the list was opened for its logs, b opens the log', () => {
    const [container] = report.containers.filter(({ logs }) => logs.length === 1)
    const category = { kind: 'list', view: 'containers', category: 'container-logs' } as const
    const at = (state: State): State => openTarget(state, { ...category, filter: container?.name ?? '' })
    const { state } = open(report)
    const opened = browseSelected(settledState({ state: at(state), effects: [] }).state)
    expect(currentPage(opened)).toMatchObject({
      kind: 'document',
      subject: { kind: 'entry', place: { path: container?.logs[0]?.path } },
    })
    const writable = open(report).press('4').type(`/${container?.name}`).press('enter', 'b')
    expect(currentPage(writable.state)).toMatchObject({ place: { path: container?.layerPath } })
  })
})

describe('forty thousand rows', () => {
  const COUNT = 40_000

  test('move, sort and filter without a noticeable wait', { timeout: 30_000 }, () => {
    const many = reportOfImages(
      report,
      Array.from({ length: COUNT }, (_, index) => `app-${index}:latest`),
    )
    const list = open(many).press('2')
    expect(list.screen).toContain(`1/${COUNT} names`)
    const startedAt = performance.now()
    let at: Journey = list
    for (let key = 0; key < 200; key++) {
      at = at.press('j')
      expect(at.rows).toHaveLength(24)
    }
    const perKeyMs = (performance.now() - startedAt) / 200
    // Generous, for a busy machine: it takes about one millisecond.
    expect(perKeyMs).toBeLessThan(20)
    const typed = list.type('/app-39999')
    expect(names(typed)).toEqual(['app-39999:latest'])
    expect(list.press('G').selected).toContain('app-0:latest')
  })
})
