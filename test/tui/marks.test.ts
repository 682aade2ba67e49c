import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { copyOfFixture, fixtureRoot } from '../support/fixtures.ts'
import { answered, type ScannedRoots, scanRoots } from './support/answering.ts'
import { type Journey, open } from './support/journey.ts'

let roots: ScannedRoots
let report: Report
beforeAll(() => {
  roots = scanRoots([fixtureRoot('overlay2-buildkit')])
  report = roots.report
})

const answer = (journey: Journey): Journey => answered(journey, roots)
const status = (journey: Journey): string => journey.rows.at(-2) ?? ''
/** Wide enough for any sentence on one line. */
const WIDE = { columns: 200, rows: 24 }
const find = (journey: Journey, view: string, name: string): Journey =>
  journey.press(view, '/').type(name).press('enter')
const copied = (journey: Journey): string =>
  journey.effects.flatMap((effect) => (effect.kind === 'copy' ? [effect.text] : [])).join('\n---\n')

describe('a mark', () => {
  test('stands before its row at once, and its figure as soon as it is there', () => {
    const marked = find(open(report), '2', 'imported:1').press('space')
    expect(marked.screen).toContain('▸✓imported:1')
    expect(status(marked)).toContain('✓ 1 marked: frees …')
    const known = answer(marked)
    expect(status(known)).toMatch(/✓ 1 marked: frees [1-9]/)
    expect(known.press('space').screen).not.toContain('✓')
    expect(status(known.press('space'))).not.toContain('marked')
  })

  test('is of the image, and shows at each of its names', () => {
    const marked = find(open(report), '2', 'base').press('space')
    expect(marked.rows.filter((row) => /^[▸ ]✓/.test(row)).length).toBeGreaterThan(1)
    expect(status(marked)).toContain('1 marked')
  })

  test('stays through filters, orders, views and pages', () => {
    const marked = find(open(report), '2', 'shop:2').press('space')
    const gone = marked.press('esc', '/').type('bk').press('enter')
    expect(gone.rows.slice(0, -2).join('\n')).not.toContain('✓')
    expect(status(gone)).toContain('1 marked')
    expect(gone.press('esc', 's', 'S', '4', 'f', 'esc', '2').screen).toContain('✓shop:2')
    const page = marked.press('enter')
    expect(page.rows[1]).toMatch(/image shop:2 {2}✓ marked/)
    expect(page.press('space').rows[1]).not.toContain('marked')
  })

  test('goes to what the page is about where what is selected cannot be removed', () => {
    const page = find(open(report), '2', 'shop:2').press('enter')
    expect(page.press('space').rows[1]).toContain('✓ marked')
  })

  test('is refused with a sentence where docker has no command', () => {
    const layer = open(report).press('3', 'space')
    expect(status(layer)).toContain('Docker removes no layer by itself: mark what uses it.')
    expect(layer.state.marks.size).toBe(0)
    expect(status(answer(open(report).press('w')).press('space'))).toContain(
      'Nothing that can be marked is selected.',
    )
  })

  test('is refused on stores that docker does not use, or that are not docker’s', () => {
    const podman = scanRoots([fixtureRoot('podman-overlay')]).report
    expect(open(podman, WIDE).press('2', 'space').screen).toContain("podman's")
    const containerd = scanRoots([fixtureRoot('containerd')]).report
    expect(open(containerd, WIDE).press('2', 'space').screen).toContain('not simulated')
    const hidden: Report = {
      ...report,
      stores: [
        ...report.stores,
        { ...only(report.stores), id: 'layerdb/aufs@x', driver: 'aufs', active: false },
      ],
      images: report.images.map((image) => ({ ...image, store: 'layerdb/aufs@x' })),
    }
    expect(open(hidden, WIDE).press('2', 'space').screen).toContain('Docker does not see this')
  })

  test('of what docker does not know frees nothing, and is told apart', () => {
    const { root, dispose } = copyOfFixture('overlay2-buildkit')
    try {
      rmSync(cacheIdOf(root, 'imported:1'))
      const other = scanRoots([root])
      const marked = answered(
        find(open(other.report).press('2', 'a'), '2', 'imported:1').press('space'),
        other,
      )
      expect(status(marked)).toContain('1 marked: frees 0B, docker does not know 1')
      expect(answered(marked.press('w'), other).screen).toContain('Docker knows none of it.')
    } finally {
      dispose()
    }
  })

  test('is taken away with all others by U', () => {
    const marked = open(report).press('4', 'space', 'j', 'space', '5', 'space')
    expect(marked.state.marks.size).toBe(3)
    const cleared = marked.press('U')
    expect(cleared.state.marks.size).toBe(0)
    expect(status(cleared)).toContain('No marks any more.')
    expect(status(cleared.press('U'))).toContain('Nothing is marked.')
  })

  test('survives a rescan, and goes with a word where the object is gone', () => {
    const marked = answer(find(open(report), '4', 'chatty').press('space', '5', 'space', 'r'))
    const again = marked.scan({ kind: 'done', report, exact: true, wasStopped: false })
    expect(status(again)).toContain('2 marked: frees …')
    expect(again.questions.filter(({ kind }) => kind === 'removal').length).toBeGreaterThan(1)
    const without = { ...report, containers: report.containers.filter(({ name }) => name !== 'chatty') }
    const fewer = marked.scan({ kind: 'done', report: without, exact: true, wasStopped: false })
    expect(status(fewer)).toContain('chatty is not here any more, and not marked.')
    expect(fewer.state.marks.size).toBe(1)
  })

  test('is drawn in ASCII where only that is to be had', () => {
    const ascii = open(report, { look: { color: false, ascii: true } }).press('4', 'space')
    expect(ascii.rows[2]).toMatch(/^>x/)
    expect(ascii.screen).toMatch(/^[ -~\n]*$/)
  })

  test('tells recorded bytes where nothing was measured', () => {
    const unmeasured = scanRoots([fixtureRoot('overlay2-buildkit')], { measure: false })
    const marked = answered(
      find(open(unmeasured.report, { measure: false }), '2', 'imported:1').press('space'),
      unmeasured,
    )
    expect(status(marked)).toMatch(/frees \S+ \(recorded\)/)
  })
})

describe('the plan', () => {
  test('marks three images and copies the rmi line', () => {
    let journey = open(report)
    for (const name of ['imported:1', 'bk/scratch', 'rebuilt'])
      journey = find(journey, '2', name).press('space', 'esc')
    const plan = answer(journey.press('w'))
    expect(plan.screen).toContain('docker rmi rebuilt:latest imported:1 bk/scratch:latest')
    expect(plan.screen).toContain('3 objects are marked')
    const copy = plan.press('y')
    expect(copied(copy)).toBe('docker rmi rebuilt:latest imported:1 bk/scratch:latest')
    expect(status(copy)).toContain('Copied docker rmi rebuilt:latest')
  })

  test('removes containers before images before volumes before cache', () => {
    let journey = open(report)
    for (const [view, name] of [
      ['6', 'cached mount'],
      ['5', 'name=data'],
      ['2', 'shop:1'],
      ['4', 'reader'],
      ['4', 'writer'],
    ] as const)
      journey = find(journey, view, name).press('space', 'esc')
    const plan = answer(journey.press('w').resize(200, 60))
    expect(
      copied(plan.press('y'))
        .split('\n')
        .map((line) => line.split(' ').slice(0, 3).join(' ')),
    ).toEqual([
      expect.stringContaining('docker rm '),
      expect.stringContaining('docker rmi '),
      'docker volume rm',
      'docker builder prune',
    ])
    expect(status(plan.press('y'))).toContain('Copied 4 commands.')
  })

  test('says what docker refuses, in its words, and each object that is marked', () => {
    const plan = answer(find(open(report), '2', 'shop:2').press('space', 'w').resize(120, 50))
    expect(plan.screen).toContain('Docker would refuse')
    expect(plan.screen).toContain('a7e271d634f1 is using its referenced image 3235e684c5f6')
    expect(plan.screen).toMatch(/image +shop:2 {2}stays/)
    expect(status(plan)).toContain('docker refuses 1')
    expect(plan.press('j', 'enter').rows[1]).toContain('image shop:2')
  })

  test('begins with what the command would do beyond its root', () => {
    const { root, dispose } = copyOfFixture('overlay2-buildkit')
    try {
      writeFileSync(cacheIdOf(root, 'imported:1'), '../../../../etc')
      const damaged = scanRoots([root])
      const images = open(damaged.report).press('2', 'a')
      const plan = answered(find(images, '2', 'imported:1').press('space', 'w'), damaged)
      expect(plan.screen).toMatch(/WARNING unsafe-name[\s\S]*The command/)
    } finally {
      dispose()
    }
  })

  test('shows long commands whole', () => {
    let journey = open(report).press('4')
    for (let count = 0; count < 14; count++) journey = journey.press('space', 'j')
    const plan = answer(journey.press('w').resize(60, 40))
    const shown = plan.rows.join(' ').replace(/\s+/g, ' ')
    expect(shown).toContain(copied(plan.press('g', 'y')))
  })

  test('follows the marks: taking one away on the page asks anew', () => {
    const plan = answer(open(report).press('4', 'space', 'j', 'space', 'w'))
    const fewer = plan.press('j', 'space')
    expect(fewer.screen).toContain('1 object is marked')
    expect(fewer.screen).toContain('Being looked up')
    expect(answer(fewer).screen).toContain('docker rm ')
  })

  test('without marks opens on the presets, and Enter tells all of one', () => {
    const presets = answer(open(report).press('w'))
    expect(presets.selected).toContain('docker builder prune')
    expect(copied(presets.press('y'))).toBe('docker builder prune')
    const waiting = presets.press('G', 'enter')
    expect(waiting.rows[1]).toContain('docker system prune -a --volumes')
    const plan = answer(waiting).resize(120, 60)
    for (const heading of ['The command', 'The disk gets back', 'Would go', 'Stays', 'How this is known'])
      expect(plan.screen).toContain(heading)
    expect(plan.screen).toContain('Docker would say that it reclaimed')
    expect(copied(plan.press('y'))).toBe('docker system prune -a --volumes')
    expect(plan.press('esc').screen).toContain('Space marks single images')
  })
})

/** The file that names the directory of an image's last layer. */
function cacheIdOf(root: string, tag: string): string {
  const top = report.images.find(({ tags }) => tags.includes(tag))?.layers.at(-1) ?? ''
  return join(root, 'image/overlay2/layerdb/sha256', top.slice('sha256:'.length), 'cache-id')
}

const only = <T>(items: readonly T[]): T => {
  const [item] = items
  if (item === undefined) throw new Error('there is none')
  return item
}
