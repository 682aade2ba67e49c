import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fixtureRoot, isRoot } from '../../support/fixtures.ts'
import { copy, MEASURED, SIZES, start } from './person.ts'

describe.each(SIZES)('at $columns x $rows', (size) => {
  test('exports the report, and not over a file that is there', async () => {
    const place = mkdtempSync(join(tmpdir(), 'ls-'))
    onTestFinished(() => rmSync(place, { recursive: true, force: true }))
    const path = join(place, 'r.json')
    const ui = start(['--root', fixtureRoot('vfs-layerdb')], size)
    await ui.sees(MEASURED)
    ui.press('e')
    await ui.sees(/Write (?:the report )?to: /)
    ui.press(`\x15${path}\r`)
    await ui.sees('The report is in')
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ schemaVersion: '1.0', complete: true })
    const written = readFileSync(path)
    ui.press('e')
    await ui.sees(/Write (?:the report )?to: /)
    ui.press(`\x15${path}\r`)
    await ui.sees(/is there\s+already/)
    ui.press('\x1b')
    await ui.seesNo(/Write (?:the report )?to: /)
    expect(readFileSync(path)).toEqual(written)
    expect(readdirSync(place)).toEqual(['r.json'])
  })

  test('prints a view after leaving, below what stood there before', async () => {
    const ui = start(['--root', fixtureRoot('overlay2-buildkit')], size)
    await ui.sees(MEASURED)
    ui.press('5o')
    await ui.sees('printed when you leave')
    ui.press('q')
    expect((await ui.ended).exitCode).toBe(0)
    expect(ui.isAlternate).toBe(false)
    const after = ui.output.slice(ui.output.lastIndexOf('\x1b[?1049l'))
    expect(after).toContain('withoptions')
    expect(after).toContain('reader, filler')
  })
})

describe('an ordinary user', () => {
  const NOBODY = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []

  test.each(SIZES)(
    'at $columns x $rows reads what can be read, and is told what is missing',
    async (size) => {
      const root = copy('overlay2-buildkit')
      execFileSync('chmod', ['-R', 'a+rX', join(root, '..')])
      chmodSync(join(root, 'containers'), 0o000)
      onTestFinished(() => chmodSync(join(root, 'containers'), 0o700))
      const ui = start(['--root', root], { ...size, under: NOBODY })
      await ui.sees(MEASURED)
      ui.press('f')
      await ui.sees('incomplete')
      await ui.sees(/permission|denied|not be read/)
    },
  )

  test('is told how to come in where nothing can be read', async () => {
    const root = copy('vfs-layerdb')
    chmodSync(join(root, '..'), 0o755)
    chmodSync(root, 0o000)
    onTestFinished(() => chmodSync(root, 0o700))
    const ui = start(['--root', root], { under: NOBODY })
    await ui.sees(/permission\s+denied/)
    await ui.sees('sudo')
    ui.press('q')
    expect((await ui.ended).exitCode).toBe(1)
  })
})
