import { beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { drawFrame } from '../../src/tui/frame/frame.ts'
import type { State } from '../../src/tui/state.ts'
import { updateAll } from '../../src/tui/update.ts'
import { type Journey, open, start } from './support/journey.ts'
import { recordedReportOf, reportOf } from './support/reports.ts'

let report: Report
beforeAll(() => {
  report = reportOf(['overlay2-buildkit'])
})

/** The page's name in the line of titles or the trail. */
const trail = (journey: Journey): string => journey.rows[1]?.trim() ?? ''

/** Goes down to a line and opens it. */
const follow = (journey: Journey, row: string): Journey => {
  let at = journey
  for (let steps = 0; steps < 30 && !at.selected.includes(row); steps++) at = at.press('j')
  expect(at.selected).toContain(row)
  return at.press('enter')
}

describe('going from view to view', () => {
  test('the number keys go to each of the six views', () => {
    const at = (key: string): string => open(report).press(key).screen
    expect(at('1')).toContain('Where the space is')
    expect(at('2')).toContain('IMAGE  ')
    expect(at('3')).toContain('LAYER')
    expect(at('4')).toContain('CONTAINER  ')
    expect(at('5')).toContain('VOLUME  ')
    expect(at('6')).toContain('BUILD CACHE  ')
  })

  test('Tab and Shift-Tab go round in both directions', () => {
    expect(open(report).press('tab').state.view).toBe('images')
    expect(open(report).press('shift-tab').state.view).toBe('cache')
    expect(open(report).press('6', 'tab').state.view).toBe('overview')
  })

  test('a view left with a number is found again as it was', () => {
    const before = open(report).press('2', 's', 'j', 'j', 'j')
    expect(before.press('4', 'G', '2').screen).toBe(before.screen)
  })

  test('a number leaves opened pages behind', () => {
    expect(open(report).press('2', 'enter', '3', '2').state.opened).toEqual([])
  })
})

describe('into an object and back', () => {
  test('Enter opens the selected image, Esc comes back to the same row', () => {
    const list = open(report).press('2', 'j', 'j', 'j')
    const name = list.selected.split(' ')[0]
    const opened = list.press('enter')
    expect(trail(opened)).toBe(`Images › image ${name}`)
    expect(opened.press('esc').screen).toBe(list.screen)
    expect(opened.press('backspace').screen).toBe(list.screen)
  })

  test('a step of a chain leads to its layer, the layer to an image, and back the whole way', () => {
    const image = open(report).type('2/').type('shop:2').press('enter', 'enter')
    const layer = image.press('[', 'enter')
    expect(trail(layer)).toMatch(/^Images › image shop:2 › layer [0-9a-f]{12}$/)
    const other = layer.press('G', 'enter')
    expect(trail(other)).toMatch(/› image /)
    expect(other.press('esc').screen).toBe(layer.press('G').screen)
    expect(other.press('esc', 'esc').screen).toBe(image.press('[').screen)
  })

  test('a container leads to its image and to its volumes', () => {
    const container = open(report).press('4').type('/reader').press('enter', 'enter')
    expect(container.screen).toContain('Name        reader')
    expect(trail(container.press('enter'))).toBe('Containers › container reader › image base:1')
    expect(trail(follow(container, '/data'))).toMatch(/^Containers › container reader › volume /)
  })

  test('a cache record leads to the one it stands on', () => {
    const record = open(report).press('6').type('/exec').press('enter', 'enter')
    expect(record.screen).toContain('Stands on')
    expect(trail(record.press('j', 'j', 'enter'))).toMatch(/cache record .* › cache record /)
  })

  test('Esc never quits, q always does, and Enter on nothing does nothing', () => {
    expect(open(report).press('esc', 'esc', 'esc').effects).toEqual([])
    expect(open(report).press('q').effects).toEqual([{ kind: 'quit' }])
    expect(open(report).press('2', 'enter', '?', 'q').effects).toEqual([{ kind: 'quit' }])
    const empty = open({ ...report, volumes: [] }).press('5')
    expect(empty.press('enter').screen).toBe(empty.screen)
    expect(empty.screen).toContain('There are no volumes here.')
  })
})

describe('from the overview to what a figure is made of', () => {
  test('image layers open the layers, writable layers the containers, the largest first', () => {
    const layers = follow(open(report), 'image layers')
    expect(layers.rows[1]).toContain('LAYER')
    expect(layers.screen).toContain('by disk ▾')
    expect(follow(open(report), 'writable layers').rows[1]).toContain('CONTAINER')
  })

  test('the page begins with the largest category; above it the total leads to all of them, the root to its files', () => {
    const first = open(report)
    expect(first.selected).toContain('metadata  ')
    const total = first.press('k')
    expect(total.selected).toContain('Where the space is')
    expect(trail(total.press('enter'))).toBe('Overview › Where the space is')
    const root = total.press('k')
    expect(root.selected).toContain('layerdb/overlay2')
    expect(root.press('enter').questions.at(-1)).toMatchObject({ kind: 'directory', path: '' })
    expect(root.press('enter', 'esc').screen).toBe(root.screen)
  })

  test('the build cache opens the records that no image holds too, which are the figure', () => {
    const cache = follow(open(report), 'build cache')
    const page = cache.state.opened.at(-1)
    const shown = page?.kind === 'list' ? page.order.length : 0
    const own = report.cacheRecords.filter(({ shared }) => !shared)
    expect(shown).toBe(own.length)
    expect(cache.screen).toContain('filter shared=false')
    const booked = report.ledger.entries.find(({ category }) => category === 'build-cache')?.disk ?? 0
    const listed = own.reduce((sum, { size }) => sum + (size.disk ?? 0), 0)
    expect(booked - listed).toBeGreaterThanOrEqual(0)
    // The rest is the store's own directories.
    expect(booked - listed).toBeLessThan(20_000)
  })

  test('the init layer of a container leads to its directory', () => {
    const page = follow(open(report).type('4/chatty').press('enter', 'enter'), 'Init layer')
    expect(page.questions.at(-1)).toMatchObject({ kind: 'directory', path: expect.stringMatching(/-init$/) })
  })

  test('metadata, which is no object, opens a page that says what it is', () => {
    expect(follow(open(report), 'metadata').screen).toContain('What the engine noted down')
  })

  test('the smaller categories open a page of all of them', () => {
    expect(follow(open(report), 'smaller').screen).toContain('below ')
  })

  test('the rows of docker system df open their lists', () => {
    const tall = open(report, { rows: 40 })
    expect(follow(tall, 'Local Volumes').rows[1]).toContain('VOLUME')
    expect(follow(tall, 'Build Cache').rows[1]).toContain('BUILD CACHE')
  })

  test('where there is no room for that table, one line of it leads to a page with it', () => {
    const table = follow(open(report), 'docker system df')
    expect(trail(table)).toBe("Overview › The engine's own summary")
    expect(table.screen).toContain('Images                 15       6    58.41kB     46.26kB (79%)')
    expect(follow(table, 'Local Volumes').screen).toContain('VOLUME')
  })

  test('the findings open in full sentences, and a finding leads to its object', () => {
    const findings = follow(open(report), 'Findings')
    expect(findings.screen).toContain('Container orphaned was made from image')
    expect(trail(findings.press('enter'))).toBe('Overview › Findings › container orphaned')
  })

  test('one of the largest things opens, and Esc comes back to it', () => {
    const overview = open(report).press('G')
    expect(overview.press('enter', 'esc').screen).toBe(overview.screen)
  })

  test('a list opened from the overview is one of its own: the view keeps its order', () => {
    const sorted = open(report).press('3', 's')
    const back = sorted.press('1', 'enter', 's', 'G', 'esc', '3')
    expect(back.screen).toBe(sorted.screen)
  })
})

describe('from one end of a chain to the other', () => {
  test('in the forest, whatever is folded, and to the heaviest of its branches', () => {
    const forest = open(report).press('3', 'j', 'j', 'j')
    const base = forest.press('[')
    expect(base.selected).toContain('● 428571cf385b')
    expect(base.press('[').screen).toContain('This is the base of its chain.')
    const top = forest.press(']')
    expect(top.selected).toContain('shop:2')
    expect(top.press(']').screen).toContain('nothing stands on it')
    // Bars are drawn by what is folded, too.
    const withoutBar = ({ selected }: Journey): string => selected.replace(/[█▏▎▍▌▋▊▉]+ */, '')
    expect(withoutBar(base.press('-', ']'))).toBe(withoutBar(top))
  })

  test('on the page of a layer, and back from there', () => {
    const layer = open(report).press('3', 'j', 'j', 'enter')
    const base = layer.press('[')
    expect(trail(base)).toMatch(/layer 1391d3ee53a6 › layer 428571cf385b$/)
    expect(base.press('esc').screen).toBe(layer.screen)
    expect(layer.press(']').screen).toContain('shop:2')
  })

  test('to the first and the last step of an image; other pages say that they have no chain', () => {
    const image = open(report).type('2/').type('shop:2').press('enter', 'enter')
    expect(image.press('[').selected).toMatch(/^ {2}1 █/)
    expect(image.press(']').selected).toMatch(/^ {2}7 █/)
    expect(open(report).press('5', 'enter', '[').screen).toContain('this has none')
  })

  test('a filter that hides the end says so', () => {
    const filtered = open(report).press('3').type('/shop:2').press('enter')
    expect(filtered.press('[').screen).toContain('The filter hides it')
  })
})

describe('with whom an image shares its layers', () => {
  const image = (): Journey => open(report).type('2/').type('shop:2').press('enter', 'enter')

  test('each part of its chain says who has it too, those first who share exactly that much', () => {
    const at = image().rows.findIndex((row) => row.includes('how much of it'))
    expect(image().rows.slice(at, at + 4)).toEqual([
      '  Shared  how much of it with whom, base first',
      '› █                  20.48kB   7%  layer 1      with base:1, bk/app:1 and 9 more',
      '›  ████████          131.1kB  49%  layers 2-4   with shop:1 and 2 more',
      '›          ███████   114.7kB  43%  layers 5-7   only here and below filler',
    ])
  })

  test('a shared part leads to the images that have it, and back', () => {
    const shared = image().press('j', 'j', 'enter')
    expect(shared.screen).toContain('filter layer=5d8b6348276b')
    for (const name of ['shop:1', 'committed:snap', 'shop:2']) expect(shared.screen).toContain(name)
    expect(shared.screen).not.toContain('base:1')
    expect(shared.press('esc').screen).toBe(image().press('j', 'j').screen)
  })

  test('what no other image has leads to its topmost layer', () => {
    expect(trail(image().press('j', 'j', 'j', 'enter'))).toMatch(/› layer [0-9a-f]{12}$/)
  })
})

describe('an Esc that was the beginning of an arrow', () => {
  const notEsc = (journey: Journey): State => updateAll(journey.state, [{ kind: 'not-esc' }]).state

  test('is taken back: the page and the filter are there again, and what came since stays', () => {
    const opened = open(report).press('4', 'enter')
    expect(drawFrame(notEsc(opened.press('esc')))).toEqual(drawFrame(opened.state))
    const filtered = open(report).press('2').type('/shop').press('enter')
    const back = notEsc(filtered.press('esc').resize(100, 30))
    expect(drawFrame(back)).toEqual(drawFrame(filtered.resize(100, 30).state))
    expect(drawFrame(notEsc(filtered.press('esc', 'j')))).toEqual(drawFrame(filtered.press('esc', 'j').state))
  })
})

describe('the build cache', () => {
  test('stands by kind, each kind with what it comes to, its records below it', () => {
    const cache = open(report).press('6')
    expect(cache.selected).toMatch(
      /^● regular {2}15 records, \S+B its own, \S+B shared with images, 20\.72kB/,
    )
    expect(cache.screen).toMatch(/by kind.*1\/22 cache records/)
    expect(cache.press('j').screen).toContain('1/22 cache records')
    expect(trail(cache.press('j', 'enter'))).toMatch(/^Cache › cache record /)
    const folded = cache.press('-')
    expect(folded.rows.slice(2, 6).map((row) => row.slice(2).split(' ').slice(0, 2).join(' '))).toEqual([
      '+ regular',
      '+ source.local',
      '+ exec.cachemount',
      '',
    ])
    expect(folded.press('+').screen).toBe(cache.screen)
    expect(folded.press('enter').screen).toContain('mount / from exec')
    expect(cache.press('j', 'j', 'h').selected).toMatch(/^● regular/)
  })

  test('its records stand on their kind, and are counted where it is folded', () => {
    const cache = open(report).press('6')
    const marks = cache.rows.slice(2, 18).map((row) => row.slice(2, 4))
    expect(marks).toEqual(['● ', ...Array.from({ length: 14 }, () => '├─'), '└─'])
    expect(cache.press('-').screen).toContain('1/22 cache records')
    expect(cache.press('-', 'j').screen).toContain('16/22 cache records')
    expect(cache.press('-').type('/source').screen).not.toContain('22 cache records')
    expect(cache.press('s').rows[2]?.slice(2)).not.toMatch(/^[├●]/)
  })

  test('is one list in any other order, and where it is filtered', () => {
    const byAge = open(report).press('6', 's', 's', 's', 's')
    expect(byAge.screen).toContain('by last used')
    expect(byAge.screen).not.toContain('reclaimable')
    expect(open(report).press('6').type('/source').press('enter').screen).not.toContain('reclaimable')
    expect(open(report).press('6').type('/unused').press('enter').screen).toContain('22 cache records')
  })

  test('what no build can use now is unused; while an engine runs that is not known', () => {
    const unknown = {
      ...report,
      cacheRecords: report.cacheRecords.map((record) => ({ ...record, inUse: null })),
    }
    expect(report.cacheRecords.map(({ inUse }) => inUse)).toEqual(report.cacheRecords.map(() => false))
    const list = open(unknown).press('6')
    expect(list.type('/unused').press('enter').screen).toContain('No cache record matches')
    expect(list.press('j', 'enter').screen).toContain('In use      not known')
  })
})

describe('who uses a volume', () => {
  test('stands in the list by name and can be searched', () => {
    const volumes = open(report).press('5')
    expect(volumes.rows[1]).toContain('USED BY')
    expect(volumes.selected).toMatch(/^data .*reader, filler$/)
    expect(volumes.type('/filler').screen).toContain('labelled')
  })

  test("a mount leads to the volume of the container's own root", () => {
    const two = {
      ...report,
      volumes: [...report.volumes, ...report.volumes.map((each) => ({ ...each, root: '/elsewhere' }))],
    }
    const container = open(two).press('4').type('/reader').press('enter', 'enter')
    expect(follow(container, '/data').screen).toContain(`Read from  ${report.roots[0]?.path}`)
  })
})

describe('moving about', () => {
  test('the arrows, the vim keys and the page keys agree', () => {
    const at = (...keys: string[]): string => open(report).press('3', ...keys).screen
    expect(at('down', 'down', 'up')).toBe(at('j', 'j', 'k'))
    expect(at('end')).toBe(at('G'))
    expect(at('end', 'home')).toBe(at('G', 'g'))
    expect(at('pagedown')).toBe(at('ctrl-f'))
    expect(at('pagedown', 'pageup')).toBe(at('g'))
    expect(at('ctrl-d', 'ctrl-u')).toBe(at('g'))
  })

  test('a hundred keys of one read are a hundred steps', () => {
    const many = open(reportOf(['legacy-aufs'])).press('3', ...Array.from({ length: 40 }, () => 'j'))
    expect(many.screen).toMatch(/41\/\d+ layers/)
  })

  test('the last line of a long page can be reached with j alone', () => {
    let page = open(report).type('2/').type('shop:2').press('enter', 'enter')
    for (let steps = 0; steps < 200; steps++) page = page.press('j')
    expect(page.screen).toContain('image/overlay2/repositories.json')
    for (let steps = 0; steps < 200; steps++) page = page.press('k')
    expect(page.screen).toContain('Id  ')
  })

  test('nothing moves beyond the ends', () => {
    const list = open(report).press('5')
    expect(list.press('k').screen).toBe(list.press('g').screen)
    expect(list.press('G', 'j', 'pagedown').screen).toBe(list.press('G').screen)
  })
})

describe('before there is anything to show', () => {
  test('the first screen says what is read, and q quits', () => {
    const waiting = start({ roots: ['/var/lib/docker'] })
    expect(waiting.screen).toContain('Reading /var/lib/docker')
    expect(waiting.press('q').effects).toEqual([{ kind: 'quit' }])
  })

  test('how full the disk is stands there before anything is read', () => {
    const fileSystem = {
      totalBytes: 250_000_000_000,
      freeBytes: 14_000_000_000,
      availableBytes: 2_000_000_000,
      totalInodes: 16_000_000,
      freeInodes: 800_000,
    }
    const one = start({ roots: ['/var/lib/docker'] }).scan({
      kind: 'file-systems',
      fileSystems: [{ path: '/var/lib/docker', fileSystem }],
    })
    expect(one.screen).toContain('file system 100% full: 2GB of 250GB free, 12GB more for root alone')
    expect(one.screen).toContain('inodes 95% used: 800000 of 16000000 free')
    expect(one.press('2').screen).toContain('file system 100% full')
    const two = start({ roots: ['/a', '/\u001bb'] }).scan({
      kind: 'file-systems',
      fileSystems: [
        { path: '/a', fileSystem },
        { path: '/\u001bb', fileSystem: { ...fileSystem, totalInodes: 0 } },
      ],
    })
    expect(two.rows.filter((row) => row.includes('% full'))).toHaveLength(2)
    expect(two.rows.filter((row) => row.includes('inodes'))).toHaveLength(1)
    expect(two.screen).toContain('/\\eb')
  })

  test('a notice stands in the status line until the next key', () => {
    const noticed = start({ notice: 'This is the bundled sample.' }).scan({
      kind: 'recorded',
      report: recordedReportOf(['vfs-layerdb']),
    })
    expect(noticed.screen).toContain('This is the bundled sample.')
    expect(noticed.press('j').screen).not.toContain('This is the bundled sample.')
  })

  test('keys that need a report do nothing', () => {
    const waiting = start()
    expect(waiting.press('3', 's', '/', 'enter', 'y').screen).toBe(waiting.screen)
  })
})
