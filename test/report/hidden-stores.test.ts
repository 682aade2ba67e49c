import { describe, expect, it } from 'vitest'
import { hiddenStoresSentence } from '../../src/report/hidden-stores.ts'
import { fixtureRoot } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'

const bytes = (value: number): string => `${value} bytes`

describe('what docker had in its other store', () => {
  it('is told with the bytes that it does not see', () => {
    const report = reportOf(fixtureRoot('docker-containerd'))
    const hidden = report.ledger.entries.find(({ category }) => category === 'hidden-stores')
    expect(hidden?.disk).toBeGreaterThan(0)
    expect(hiddenStoresSentence(report, bytes)).toBe(
      `Docker keeps its images in containerd (overlayfs); those that it had in overlay2 before are still on the disk: ${hidden?.disk} bytes that docker does not see.`,
    )
  })

  it('is told without bytes where nothing was measured', () => {
    const report = reportOf(fixtureRoot('docker-containerd'), { measure: false })
    expect(hiddenStoresSentence(report, bytes)).toMatch(/still on the disk: docker does not see them\.$/)
  })

  it('is told the other way round as well', () => {
    const report = reportOf(fixtureRoot('docker-containerd'), { measure: false })
    const switched = { ...report, stores: report.stores.map((each) => ({ ...each, active: !each.active })) }
    expect(hiddenStoresSentence(switched, bytes)).toMatch(
      /^Docker keeps its images in overlay2; those that it had in containerd \(overlayfs\) before/,
    )
  })

  it.each(['overlay2-buildkit', 'containerd', 'podman-overlay'] as const)('is not there in %s', (name) => {
    expect(hiddenStoresSentence(reportOf(fixtureRoot(name), { measure: false }), bytes)).toBeNull()
  })
})
