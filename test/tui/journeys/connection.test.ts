import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { fixtureRoot } from '../../support/fixtures.ts'
import { ESC, MEASURED, SIZES, start } from './person.ts'

const ROOT = fixtureRoot('overlay2-buildkit')

describe.each(SIZES)('over a bad line, at $columns x $rows', (size) => {
  test('loses no key: a hundred in one read, an arrow in two, a paste that runs nothing', async () => {
    const ui = start(['--root', ROOT], size)
    await ui.sees(MEASURED)
    ui.press(`3${'j'.repeat(70)}${'k'.repeat(50)}${'j'.repeat(9)}`)
    await ui.sees('10/24')
    ui.press(ESC)
    ui.press('[B')
    await ui.sees('11/24')
    ui.press('5')
    await ui.sees('VOLUME')
    ui.press(`${ESC}[200~qe\rq${ESC}[201~`)
    ui.press('/')
    await ui.sees('/ ')
    ui.press(`${ESC}[200~da`)
    ui.press(`ta\r${ESC}[201~`)
    await ui.sees('/data')
    expect(ui.isAlternate).toBe(true)
  })

  test('turns the screen in the middle of things, and stands where it stood', async () => {
    const ui = start(['--root', ROOT], size)
    await ui.sees(MEASURED)
    ui.press('2/shop:2\r\r')
    await ui.sees('image shop:2')
    ui.resize(60, 16)
    await ui.sees('Images › image shop:2')
    ui.press(`${ESC}`)
    await ui.sees('filter shop:2')
    ui.resize(30, 8)
    await ui.sees('Make it larger')
    ui.resize(size.columns, size.rows)
    await ui.sees(/▸ shop:2/)
    ui.press('\r')
    await ui.sees('image shop:2')
  })
})

describe('when the connection is lost', () => {
  const SHELL = 'trap : HUP; "$@"; echo "ended $?" | tee -a "$RECORD"; read rest'

  test('SIGHUP: the terminal is restored, and the exit status is that of the signal', async () => {
    const ui = start(['--root', ROOT], {
      environment: { RECORD: '/dev/null' },
      under: ['sh', '-c', SHELL, 'sh'],
    })
    await ui.sees(MEASURED)
    // The whole group, as the kernel does it when a terminal hangs up; the shell lives on to tell.
    process.kill(-ui.pty.pid, 'SIGHUP')
    await ui.sees('ended 129')
    expect(ui.isAlternate).toBe(false)
    expect(ui.output).toContain('\x1b[?25h')
    expect(ui.output).toContain('\x1b[?2004l')
  })

  test('a terminal that is gone: the program ends, and with that status', async () => {
    const place = mkdtempSync(join(tmpdir(), 'layerscope-hangup-'))
    onTestFinished(() => rmSync(place, { recursive: true, force: true }))
    const record = join(place, 'record')
    const ui = start(['--root', ROOT], {
      environment: { RECORD: record },
      under: ['sh', '-c', SHELL, 'sh'],
    })
    await ui.sees(MEASURED)
    ui.hangUp()
    await vi.waitFor(() => expect(readFileSync(record, 'utf8')).toBe('ended 129\n'), { timeout: 20_000 })
  })
})

describe('whatever the terminal says of itself', () => {
  test.each([
    { TERM: 'xterm-256color', CI: '1' },
    { TERM: 'screen' },
    { TERM: 'linux', LANG: 'C' },
    { TERM: 'vt100', LC_ALL: 'POSIX', NO_COLOR: '1' },
  ])('%j: opens, moves, and gives it back', async (environment) => {
    const ui = start(['--root', ROOT], { environment })
    await ui.sees(MEASURED)
    ui.press('4')
    await ui.sees('1/16 containers')
    ui.press('jj')
    const screen = await ui.sees('3/16 containers')
    if (environment.LANG === 'C' || environment.LC_ALL === 'POSIX') expect(screen).toMatch(/^[\n -~]*$/)
    ui.press('q')
    expect((await ui.ended).exitCode).toBe(0)
    expect(ui.isAlternate).toBe(false)
  })
})
