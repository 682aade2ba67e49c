import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { isObject } from '../../src/formats/fields.ts'
import { renderEngineView } from '../../src/report/df.ts'
import { type FixtureName, fixtureRoot, isRoot, truth, truthText } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'
import { compareWithEngine } from './compare.ts'

const LEGACY: readonly FixtureName[] = ['legacy-aufs', 'legacy-vfs']
const CONTENT_ADDRESSED: readonly FixtureName[] = ['overlay2-buildkit', 'overlay-layerdb', 'vfs-layerdb']

const truthOf = (name: FixtureName) => ({
  imagesAll: truth(name, 'images-all.json'),
  // As an engine started on a copy says it: the one that wrote the root used a record once more while it stopped.
  systemDf: LEGACY.includes(name) ? null : truth(name, 'restarted/system-df.json'),
  history: historyOf(truth(name, 'history.json')),
  containers: truth(name, 'containers.json'),
  volumes: truth(name, 'volumes.json'),
})

const historyOf = (value: unknown): Map<string, unknown> =>
  new Map(Object.entries(isObject(value) ? value : {}))

describe.each([...LEGACY, ...CONTENT_ADDRESSED])('%s', (name) => {
  const report = reportOf(fixtureRoot(name))

  it('says what the engine said, figure by figure', () => {
    const { compared, differences } = compareWithEngine(report, truthOf(name))
    expect(differences).toEqual([])
    expect(compared).toBeGreaterThan(100)
  })

  it('is complete and reports no damage', () => {
    expect(report.findings.filter((finding) => finding.severity === 'error')).toEqual([])
    expect(report.complete).toBe(true)
  })

  it('books every byte: the ledger sums to what du counts', () => {
    const du = execFileSync('du', ['-sxB1', fixtureRoot(name)], { encoding: 'utf8' })
    const inodes = execFileSync('du', ['-sx', '--inodes', fixtureRoot(name)], { encoding: 'utf8' })
    expect(report.ledger.total.disk).toBe(Number.parseInt(du, 10))
    expect(report.ledger.total.files).toBe(Number.parseInt(inodes, 10))
    const sum = report.ledger.entries.reduce((total, entry) => total + entry.disk, 0)
    expect(sum).toBe(report.ledger.total.disk)
  })
})

describe.each(CONTENT_ADDRESSED)('docker system df on %s', (name) => {
  it.runIf(isRoot)('is printed as the engine prints it', () => {
    const report = reportOf(fixtureRoot(name))
    const display = { units: 'decimal', truncate: true, nowMs: 0 } as const
    const printed = report.engineViews.map((view) => renderEngineView(view, display)).join('\n')
    const trimmed = (text: string): string[] =>
      text
        .trim()
        .split('\n')
        .map((line) => line.trimEnd())
    expect(trimmed(printed)).toEqual(trimmed(truthText(name, 'system-df.txt')))
  })
})
