import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Catalog, createCatalog } from '../../src/analysis/catalog.ts'
import { createReport } from '../../src/report/report.ts'
import type { Report } from '../../src/report/schema.ts'
import { type TourStop, tourStops } from '../../src/report/tour.ts'
import { formatBytes } from '../../src/report/units.ts'
import { scan } from '../../src/scan/scan.ts'
import { answerQuestion } from '../../src/tui/answers/answer.ts'
import { createScanned } from '../../src/tui/answers/scanned.ts'
import { ensureBuilt, layerscope } from '../cli/program.ts'
import { fixtureRoot } from '../support/fixtures.ts'
import { type Journey, open, start } from './support/journey.ts'
import { type Program, run } from './support/program.ts'

let catalog: Catalog
let report: Report
let stops: readonly TourStop[]
beforeAll(() => {
  ensureBuilt()
  // The sample is these two roots, packed; it lies beside the built program.
  const roots = [fixtureRoot('overlay2-buildkit'), fixtureRoot('legacy-aufs')]
  const { model, surveys } = scan(roots, { measure: true })
  catalog = createCatalog(model, surveys)
  report = createReport(catalog, { version: 'test', generatedAt: '2030-01-01T00:00:00.000Z' })
  stops = tourStops(report, (value) => formatBytes(value, 'decimal'))
})

let program: Program | null = null
afterEach(() => {
  program?.pty.kill('SIGKILL')
  program = null
})

const answered = (journey: Journey): Journey => {
  const question = journey.questions.at(-1)
  return question === undefined ? journey : journey.answer(answerQuestion(createScanned(catalog), question))
}

const boxTitle = (index: number): string => ` Tour ${index + 1} of 10: ${stops[index]?.title}`

describe('the stops', () => {
  test('are ten, and every object that they show is in the sample', () => {
    expect(stops).toHaveLength(10)
    const known = new Set([
      ...report.images.map(({ id, store }) => `image ${store} ${id}`),
      ...report.layers.map(({ id, store }) => `layer ${store} ${id}`),
      ...report.containers.map(({ id, store }) => `container ${store} ${id}`),
    ])
    for (const { view } of stops) {
      const ref = view.kind === 'overview' ? null : view.kind === 'list' ? view.at : view.ref
      if (ref !== null) expect(known).toContain(`${ref.kind} ${ref.home} ${ref.id}`)
    }
  })

  test('tell figures of the report, and none that is unknown', () => {
    for (const { text, title } of stops) expect(text, title).not.toMatch(/undefined|NaN|null| - /)
    const total = formatBytes(report.ledger.total.disk, 'decimal')
    expect(stops.some(({ text }) => text.includes(total))).toBe(true)
  })
})

describe('the walk', () => {
  test.each([
    [80, 24],
    [60, 16],
    [200, 50],
  ])('shows at %i×%i each stop in the view that it is about, with its whole text', (columns, rows) => {
    let at = open(report, { tour: true, columns, rows })
    for (const [index, stop] of stops.entries()) {
      at = answered(at)
      expect(at.screen).toContain(boxTitle(index))
      expect(at.rows).toHaveLength(rows)
      const shown = at.rows.map((row) => row.trim()).join(' ')
      if (rows >= 24) expect(shown).toContain(stop.text)
      expect(at.rows.filter((row) => [...row].length > columns)).toEqual([])
      if (stop.view.kind === 'object' || stop.view.kind === 'explain') expect(at.state.opened).toHaveLength(1)
      if (stop.view.kind === 'list') expect(at.selected).not.toBe('')
      at = at.press('space')
    }
    expect(at.screen).toContain(boxTitle(9))
    expect(at.press(...Array.from({ length: 12 }, () => 'left')).screen).toContain(boxTitle(0))
  })

  test('Enter lets one try things, T goes on, q leaves, and Esc only goes back', () => {
    const stop = answered(open(report, { tour: true }).press('right', 'right', 'right'))
    const free = stop.press('enter')
    expect(free.screen).toContain('(T goes on)')
    const elsewhere = free.press('4', 'j', 'enter')
    expect(elsewhere.screen).not.toBe(free.screen)
    expect(elsewhere.press('T').screen).toBe(stop.screen)
    expect(stop.press('esc').effects).toEqual([])
    expect(stop.press('esc').screen).toBe(stop.press('left').screen)
    const first = open(report, { tour: true }).press('esc')
    expect(first.effects).toEqual([])
    expect(first.screen).toContain('This is the first stop. Enter leaves the tour, q quits.')
    expect(stop.press('q').effects).toEqual([{ kind: 'quit' }])
    expect(open(report).press('T').screen).toContain('layerscope tour begins one')
  })

  test('begins with the recorded facts, and stays where it is when they are measured', () => {
    const reading = start({ tour: true }).scan({ kind: 'recorded', report }).press('space')
    expect(reading.screen).toContain(boxTitle(1))
    expect(
      reading.scan({ kind: 'done', report: { ...report }, exact: true, wasStopped: false }).screen,
    ).toContain(boxTitle(1))
  })
})

describe('the program', () => {
  test('walks through every stop in a terminal, and q leaves it as it was', async () => {
    const ui = run(['tour'])
    program = ui
    for (const [index, { title }] of stops.entries()) {
      await ui.sees(`Tour ${index + 1} of 10: ${title}`)
      await ui.sees(/Space next/)
      ui.press(index % 2 === 0 ? ' ' : '\x1b[C')
    }
    ui.press('\r')
    await ui.sees('T goes on')
    ui.press('q')
    expect((await ui.ended).exitCode).toBe(0)
    expect(ui.isAlternate).toBe(false)
  })

  test('prints the stops with their tables where there is no terminal', () => {
    const { code, out, err } = layerscope(['tour'])
    expect([code, err]).toEqual([0, ''])
    for (const [index, { title }] of stops.entries()) expect(out).toContain(`${index + 1}. ${title}\n`)
    expect(out).toMatch(/checks agree with the disk[\s\S]*CREATED BY[\s\S]*RECLAIMABLE[\s\S]*FREED BY RMI/)
    expect(layerscope(['tour', '--ascii']).out).toMatch(/^[\n -~]*$/)
  })
})
