import { describe, expect, it } from 'vitest'
import { findingGroups } from '../../src/report/finding-groups.ts'
import type { ReportFinding } from '../../src/report/schema.ts'

const finding = (
  code: ReportFinding['code'],
  severity: ReportFinding['severity'],
  id: string,
  message: string,
): ReportFinding => ({
  code,
  severity,
  root: '/data',
  subject: { kind: 'image', id: `sha256:${id}` },
  path: `records/${id}`,
  message,
  hint: 'Pull it again.',
})

describe('findings of one code', () => {
  it('are one where there are many, with what they say alike said once', () => {
    const needs = (id: string, layer: string) =>
      finding(
        'image-layer-missing',
        'error',
        id,
        `Image sha256:${id} needs layer ${layer}, see records/${id}.`,
      )
    const groups = findingGroups(
      [
        finding('reference-dangling', 'warning', 'x', 'A tag leads nowhere.'),
        ...Array.from({ length: 63 }, (_, index) => needs(`a${index}z`, '084f')),
        needs('b1', '11aa'),
      ],
      '…',
    )
    expect(groups.map(({ code, findings, says, hint }) => [code, findings.length, says, hint])).toEqual([
      [
        'image-layer-missing',
        64,
        [
          { text: 'Image … needs layer 084f, see ….', count: 63 },
          { text: 'Image sha256:b1 needs layer 11aa, see records/b1.', count: 1 },
        ],
        'Pull it again.',
      ],
      ['reference-dangling', 1, [{ text: 'A tag leads nowhere.', count: 1 }], 'Pull it again.'],
    ])
  })

  it('are told one by one where there are few', () => {
    const few = ['a', 'b', 'c'].map((id) => finding('tar-split-damaged', 'error', id, `Of ${id}.`))
    expect(findingGroups(few, '…').map(({ says }) => says[0]?.text)).toEqual(['Of a.', 'Of b.', 'Of c.'])
  })
})
