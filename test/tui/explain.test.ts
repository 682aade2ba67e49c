import { beforeAll, describe, expect, test } from 'vitest'
import { type Catalog, createCatalog } from '../../src/analysis/catalog.ts'
import { createReport } from '../../src/report/report.ts'
import type { Report } from '../../src/report/schema.ts'
import { scan } from '../../src/scan/scan.ts'
import { answerQuestion } from '../../src/tui/answers/answer.ts'
import { createScanned } from '../../src/tui/answers/scanned.ts'
import { fixtureRoot } from '../support/fixtures.ts'
import { type Journey, open } from './support/journey.ts'

let catalog: Catalog
let report: Report
beforeAll(() => {
  const { model, surveys } = scan([fixtureRoot('overlay2-buildkit')], { measure: false })
  catalog = createCatalog(model, surveys)
  report = createReport(catalog, { version: 'test', generatedAt: '2030-01-01T00:00:00.000Z' })
})

/** Answers what was asked last, as the scan thread does. */
function answered(journey: Journey): Journey {
  const question = journey.questions.at(-1)
  if (question === undefined) throw new Error('nothing was asked')
  return journey.answer(answerQuestion(createScanned(catalog), question))
}

const shop = (): Journey => open(report).type('2/').type('shop:2').press('enter')

describe('x explains what is selected', () => {
  test('an image of the list, its page, and a layer of its chain', () => {
    const told = answered(shop().press('x'))
    expect(told.rows[1]).toContain('Images › how shop:2 is put together')
    expect(told.screen).toMatch(/\d+ of \d+ checks agree with the disk\./)
    expect(told.screen).toContain('read  image/overlay2/repositories.json')
    expect(answered(shop().press('enter', 'x')).rows[1]).toContain('how shop:2 is put together')
    expect(answered(shop().press('enter', '[', 'enter', 'x')).screen).toMatch(
      /Layer 1 of \d: chain ID and record/,
    )
  })

  test('a container and a cache record too; a volume says that there is nothing to explain', () => {
    expect(answered(open(report).press('4', 'x')).screen).toContain('From the container to its image')
    expect(answered(open(report).press('6', 'j', 'x')).screen).toContain('The record of the build cache')
    const volume = open(report).press('5', 'x')
    expect(volume.questions.filter(({ kind }) => kind === 'explain')).toEqual([])
    expect(volume.screen).toContain('nothing has to be put together')
  })

  test('Enter opens the file of a line, Esc comes back to the line and then to the list', () => {
    const list = shop()
    const told = answered(list.press('x')).press('j')
    const file = answered(told.press('enter'))
    expect(file.screen).toContain('File        image/overlay2/imagedb/content/sha256/')
    expect(file.screen).toContain('of JSON')
    expect(file.screen).toContain('"architecture": "amd64",')
    expect(file.press('esc').screen).toBe(told.screen)
    expect(file.press('esc', 'esc').screen).toBe(list.screen)
  })

  test('no line is wider than the screen, at any size, and ASCII keeps to ASCII', () => {
    for (const [columns, rows] of [
      [60, 16],
      [80, 24],
      [200, 50],
    ] as const) {
      const told = answered(
        open(report, { columns, rows, look: { color: false, ascii: true } })
          .type('2/')
          .type('shop:2')
          .press('enter', 'x'),
      ).press('G')
      expect(told.screen).toMatch(/^[\n -~]*$/)
      expect(told.rows.filter((row) => row.length > columns)).toEqual([])
      expect(told.screen).toContain('ok ')
    }
  })

  test('a file that is gone, or is none, is a sentence', () => {
    const root = report.roots[0]?.path ?? ''
    for (const [path, says] of [
      ['image/absent', 'is missing'],
      ['image', 'is a directory'],
      ['overlay2/../../etc/passwd', 'could not be found out'],
    ]) {
      const question = { kind: 'file', root, path: path ?? '' } as const
      const { outcome } = answerQuestion(createScanned(catalog), question)
      expect(outcome).toMatchObject({ ok: false, message: expect.stringContaining(says ?? '') })
    }
  })
})
