import { describe, expect, it } from 'vitest'
import { createReport, reportParts } from '../../src/report/report.ts'
import { inParts, type PostedMessage, ReportAssembly, type ScanMessage } from '../../src/tui/scan-messages.ts'
import { catalogOf, digest, image, layer } from '../analysis/build-model.ts'

const about = { version: '1', generatedAt: '2024-01-01T00:00:00Z' }

const manyThings = (count: number) => {
  const ids = Array.from({ length: count }, (_, index) => digest(String(index)))
  const layers = ids.map((id) => layer(id))
  return catalogOf({ layers, images: ids.map((id) => image(id, [id])) }).catalog
}

/** What comes out on the other side. */
const crossed = (assembly: ReportAssembly, posted: Iterable<PostedMessage>): ScanMessage[] =>
  [...posted].flatMap((message) => assembly.take(structuredClone(message)) ?? [])

describe('a message with a report', () => {
  it.each([0, 1, 500, 1201])('crosses in parts of few things, and is whole again (%i)', (count) => {
    const catalog = manyThings(count)
    const done = { kind: 'done', exact: true, wasStopped: false } as const
    const posted = [...inParts({ ...done, report: reportParts(catalog, about) })]
    for (const message of posted)
      if (message.kind === 'part-of-report')
        expect(message.images.length + message.layers.length).toBeLessThanOrEqual(500)
    expect(posted).toHaveLength(1 + 2 * Math.ceil(count / 500))
    const report = createReport(catalog, about)
    const messages = crossed(new ReportAssembly(), posted)
    expect(messages).toEqual([{ ...done, report }])
    // What is exported from the UI has its members in the order of the documentation.
    expect(JSON.stringify(messages[0])).toBe(JSON.stringify({ ...done, report }))
  })

  it('has nothing of the one before, and lets others pass', () => {
    const assembly = new ReportAssembly()
    const [first, second] = [manyThings(600), manyThings(2)].map((catalog) => [
      ...inParts({ kind: 'recorded', report: reportParts(catalog, about) }),
    ])
    const progress = {
      kind: 'progress',
      phase: 'reading',
      root: '/r',
      files: 1,
      diskBytes: 0,
      filesPerSecond: 0,
    } as const
    const [begin, ...rest] = first ?? []
    const messages = crossed(assembly, [
      ...(begin === undefined ? [] : [begin]),
      progress,
      ...rest,
      ...(second ?? []),
    ])
    expect(messages.map(({ kind }) => kind)).toEqual(['progress', 'recorded', 'recorded'])
    expect(
      messages.flatMap((message) => ('report' in message ? [message.report.images.length] : [])),
    ).toEqual([600, 2])
  })
})
