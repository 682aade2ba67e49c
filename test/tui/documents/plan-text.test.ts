import { expect, test } from 'vitest'
import { pageContext } from '../../../src/tui/documents/context.ts'
import { PageWriter } from '../../../src/tui/documents/document.ts'
import { writeConsequences } from '../../../src/tui/documents/plan-text.ts'
import { reportOf } from '../support/reports.ts'

test('one inode is no inodes', () => {
  const report = reportOf(['overlay2-buildkit'], { measure: false })
  const out = new PageWriter(80)
  const page = pageContext({
    report,
    display: { units: 'decimal', truncate: true, nowMs: 0 },
    look: { color: false, ascii: false },
    height: 24,
    replies: new Map(),
    marks: new Map(),
    isScanned: true,
    isReadWhole: true,
  })
  writeConsequences(out, page, {
    root: '/data',
    commands: [],
    warnings: [],
    refusals: [],
    freed: { content: 1, disk: 4096, files: 1, parts: [{ kind: 'logs', disk: 4096, files: 1 }] },
    says: null,
    goes: [],
    stays: [],
    basis: '',
    notes: [],
  })
  const text = out.text.lines.map((line) => line.map((part) => part.text).join('')).join('\n')
  expect(text).toContain('4.096kB, 1 inode\n')
  expect(text).toContain('logs, 1 inode\n')
})
