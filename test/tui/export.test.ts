import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { writeReport } from '../../src/tui/export/write-report.ts'
import { updateAll } from '../../src/tui/update.ts'
import { isRoot } from '../support/fixtures.ts'
import { open, start } from './support/journey.ts'
import { reportOf } from './support/reports.ts'

let report: Report
let directory: string
beforeAll(() => {
  report = reportOf(['vfs-layerdb'])
})
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'layerscope-export-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe('writing the report', () => {
  test('is the whole report, for its owner alone', async () => {
    const path = join(directory, 'report.json')
    const outcome = await writeReport(report, path, false)
    expect(outcome).toEqual({ kind: 'written', path, bytes: statSync(path).size })
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(report)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('overwrites only where that is wanted, and then what was readable for others no longer is', async () => {
    const path = join(directory, 'report.json')
    writeFileSync(path, 'mine', { mode: 0o644 })
    expect(await writeReport(report, path, false)).toEqual({ kind: 'exists', path })
    expect(readFileSync(path, 'utf8')).toBe('mine')
    expect(await writeReport(report, path, true)).toMatchObject({ kind: 'written' })
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(report)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('writes nothing below a root, however the path leads there', async () => {
    const root = join(directory, 'root')
    const below = { ...report, roots: report.roots.map((each) => ({ ...each, path: root })) }
    writeFileSync(join(directory, 'plain'), '')
    mkdirSync(root)
    symlinkSync(root, join(directory, 'link'))
    symlinkSync(join(root, 'inside.json'), join(directory, 'file-link'))
    for (const path of ['root/a.json', 'link/a.json', 'root/../link/a.json'])
      expect(await writeReport(below, join(directory, path), true)).toMatchObject({
        kind: 'failed',
        message: expect.stringContaining(`below the data root ${root}, where nothing is ever written`),
      })
    expect(await writeReport(below, join(directory, 'file-link'), false)).toMatchObject({ kind: 'exists' })
    expect(await writeReport(below, join(directory, 'file-link'), true)).toMatchObject({ kind: 'failed' })
    expect(existsSync(join(root, 'inside.json'))).toBe(false)
    expect(existsSync(join(root, 'a.json'))).toBe(false)
  })

  test('says in a sentence why it could not', async () => {
    const why = async (path: string, overwrite = false): Promise<string> => {
      const outcome = await writeReport(report, path, overwrite)
      return outcome.kind === 'failed' ? outcome.message : outcome.kind
    }
    expect(await why(join(directory, 'no/where.json'))).toMatch(
      /^The report was not written to .*: there is no such directory\.$/,
    )
    expect(await why(directory, true)).toContain('no ordinary file')
    expect(await why('/dev/null', true)).toContain('no ordinary file')
    expect(statSync('/dev/null').isFile()).toBe(false)
  })

  test.skipIf(!existsSync('/dev/full') || !isRoot)(
    'leaves nothing behind where the disk is full',
    async () => {
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'none', directory])
      } catch {
        return
      }
      try {
        const path = join(directory, 'report.json')
        expect(await writeReport(report, path, false)).toMatchObject({
          message: expect.stringContaining('the disk is full'),
        })
        expect(existsSync(path)).toBe(false)
      } finally {
        execFileSync('umount', [directory])
      }
    },
  )
})

describe('the question where to', () => {
  test('offers a name with the day, takes a path, and asks again before it overwrites', () => {
    const asked = open(report).press('e')
    expect(asked.screen).toContain('Write the report to: ./layerscope-2030-01-01.json')
    const typed = asked.press('ctrl-u').paste('/tmp/a b\n.json').press('enter')
    expect(typed.effects).toEqual([{ kind: 'export', report, path: '/tmp/a b .json', overwrite: false }])
    const exists = updateAll(typed.state, [
      { kind: 'exported', outcome: { kind: 'exists', path: '/tmp/a b .json' } },
    ])
    expect(exists.state.message).toContain('is there already. Enter again writes over it')
    const key = (name: string) => ({ kind: 'input', input: { kind: 'key', key: name } }) as const
    expect(updateAll(exists.state, [key('enter')]).effects).toMatchObject([{ overwrite: true }])
    // Another path is another question.
    expect(updateAll(exists.state, [key('x'), key('enter')]).effects).toMatchObject([{ overwrite: false }])
  })

  test('Esc writes nothing, and before anything is read there is nothing to write', () => {
    expect(open(report).press('e', 'esc').effects).toEqual([])
    expect(open(report).press('e', 'esc').screen).toContain('Nothing was written.')
    expect(open(report).press('e').type('q').effects).toEqual([])
    expect(start().press('e').state.exporting).toBeNull()
  })
})
