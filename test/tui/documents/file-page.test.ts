import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { answerQuestion } from '../../../src/tui/answers/answer.ts'
import { openTarget } from '../../../src/tui/pages/open-page.ts'
import { textOf } from '../../../src/tui/pages/page-data.ts'
import { currentPage, initialState } from '../../../src/tui/state.ts'
import { updateAll } from '../../../src/tui/update.ts'
import { copyOfFixture } from '../../support/fixtures.ts'
import { scanRoots } from '../support/answering.ts'

const NAMES = {
  record: 'image/overlay2/imagedb/content/sha256/blank',
  volume: 'volumes/data/_data/blank',
} as const

/** What the page of a file with this content says of it. */
function saidOf(path: string, content: string | Buffer): string {
  const { root, dispose } = copyOfFixture('overlay2-buildkit')
  onTestFinished(dispose)
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
  const { report, scanned } = scanRoots([root])
  const before = initialState({
    columns: 120,
    rows: 24,
    look: { color: true, ascii: false },
    units: 'decimal',
    measure: true,
    roots: [root],
    notice: '',
    tour: false,
  })
  const read = updateAll(before, [
    { kind: 'scan', scan: { kind: 'done', report, exact: true, wasStopped: false } },
  ])
  const question = { kind: 'file', root, path } as const
  const asked = updateAll(openTarget(read.state, question), [{ kind: 'resized', columns: 120, rows: 24 }])
  const { state } = updateAll(asked.state, [answerQuestion(scanned, question)])
  const page = currentPage(state)
  if (page.kind !== 'document') throw new Error('no page of text was opened')
  return textOf(state, page)
    .lines.map((line) => line.map(({ text }) => text).join(''))
    .join('\n')
}

describe('what a file holds', () => {
  test('is said of what was looked at, and not of all the rest', () => {
    const zeros = Buffer.concat([Buffer.alloc(65_536), Buffer.from('text '.repeat(1000))])
    const blank = saidOf(NAMES.volume, zeros)
    expect(blank).toContain('Holds       70.54kB; its first 65.54kB are NUL bytes\n')
    expect(blank).not.toContain('are shown')
    expect(saidOf(NAMES.volume, 'nine char\n'.repeat(10_000))).toContain(
      'Holds       100kB; its first 65.54kB are text, 6554 lines',
    )
    expect(saidOf(NAMES.volume, 'one\ntwo\n')).toContain('Holds       8B of text, 2 lines')
  })

  test('is laid to a power loss only where an engine wrote it', () => {
    expect(saidOf(NAMES.record, Buffer.alloc(100))).toContain('100B of NUL bytes, as a power loss')
    expect(saidOf(NAMES.volume, Buffer.alloc(100))).toMatch(/100B of NUL bytes$/m)
  })
})
