import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { fixtureRoot } from '../support/fixtures.ts'
import { PROGRAM, type Program, type ProgramOptions, run } from './support/program.ts'

let program: Program | null = null
afterEach(() => {
  program?.pty.kill('SIGKILL')
  program = null
})

function start(args: readonly string[], options: ProgramOptions = {}): Program {
  program = run(args, options)
  return program
}

const MEASURED = /Where the space is {2}\S+ on disk/
const ESC = '\x1b'

describe('the program in a terminal', () => {
  test('opens on the overview, goes through every view, and q leaves the terminal as it was', async () => {
    const ui = start(['demo'])
    await ui.sees(MEASURED)
    expect(ui.isAlternate).toBe(true)
    for (const [key, title] of [
      ['2', 'IMAGE  '],
      ['3', 'LAYER'],
      ['4', 'CONTAINER  '],
      ['5', 'VOLUME  '],
      ['6', 'BUILD CACHE'],
      ['1', 'docker system df'],
    ] as const) {
      ui.press(key)
      await ui.sees(title)
    }
    ui.press('q')
    expect((await ui.ended).exitCode).toBe(0)
    expect(ui.isAlternate).toBe(false)
    expect(ui.output).toContain('\x1b[?25h')
  })

  test('goes into an image and its layer, and Esc comes back', async () => {
    const ui = start(['demo'])
    await ui.sees(MEASURED)
    ui.press('2')
    await ui.sees('shop:2')
    ui.press('/shop:2\r\r')
    await ui.sees(/Images › image shop:2$/m)
    ui.press('\r')
    await ui.sees(/Images › image shop:2 › Layers .* 1\/7 layers$/m)
    ui.press('\r')
    await ui.sees(/Images › image shop:2 › Layers › layer /)
    ui.press(ESC)
    await ui.sees(/Images › image shop:2 › Layers .* 1\/7 layers$/m)
    ui.press(ESC)
    await ui.sees(/Images › image shop:2$/m)
    ui.press(ESC)
    await ui.sees('filter shop:2')
    ui.press(ESC)
    await ui.sees(/▸ shop:2 [\s\S]*bk\/app:1/)
  })

  test('filters while one types, also when all letters come in one read', async () => {
    const ui = start(['--root', fixtureRoot('overlay2-buildkit')])
    await ui.sees(MEASURED)
    ui.press('4/chatty')
    const screen = await ui.sees(/1\/1 container$/m)
    expect(screen).toContain('chatty')
    ui.press(`\x1b[200~ q\n\x1b[201~`)
    await ui.sees('/chatty q')
  })

  test('follows the terminal through sizes', async () => {
    const ui = start(['demo'])
    await ui.sees(MEASURED)
    ui.press('2')
    await ui.sees('names')
    ui.resize(200, 50)
    await ui.sees('│ image ')
    ui.resize(50, 10)
    await ui.sees('has 50x10. Make it larger')
    ui.resize(60, 16)
    await ui.sees(/IMAGE .*FREED/)
  })

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    '%s restores the terminal and ends as that signal does',
    async (signal) => {
      const ui = start(['demo'])
      await ui.sees(MEASURED)
      ui.pty.kill(signal)
      const { exitCode, signal: endedBy } = await ui.ended
      expect([endedBy, exitCode - 128]).toContain(constants.signals[signal])
      if (signal !== 'SIGHUP') expect(ui.isAlternate).toBe(false)
    },
  )

  test('says what it reads before the rest of it is loaded, and takes the terminal once', async () => {
    const ui = start(['demo'])
    await ui.sees('Reading the bundled sample')
    await ui.sees(MEASURED)
    ui.press('q')
    expect((await ui.ended).exitCode).toBe(0)
    expect(ui.output.match(/\x1b\[\?1049h/g)).toHaveLength(1)
    expect(ui.output.match(/\x1b\[\?1049l/g)).toHaveLength(1)
  })

  test('does not touch the terminal where something else than the UI may come', async () => {
    for (const args of [['--nonsense'], ['demo', '--json'], ['nothing'], ['--version']]) {
      const ui = start(args)
      await ui.ended
      expect(ui.output).not.toContain('\x1b[?1049h')
    }
  })

  test('shows itself in CI, and without colours where none are wanted', async () => {
    const ui = start(['demo'], { environment: { CI: '1', NO_COLOR: '1' } })
    await ui.sees(MEASURED)
    expect(ui.output).not.toMatch(/\x1b\[(?:\d+;)*3[0-7](?:;\d+)*m/)
  })

  test('draws in ASCII alone where the locale is not UTF-8', async () => {
    const ui = start(['demo'], { environment: { LANG: 'C' } })
    const screen = await ui.sees(MEASURED)
    expect(screen).toMatch(/^[\n -~]*$/)
    ui.press('3')
    expect(await ui.sees('|-*')).toMatch(/^[\n -~]*$/)
  })

  test('copies to the clipboard of the terminal', async () => {
    const ui = start(['--root', fixtureRoot('overlay2-buildkit')])
    await ui.sees(MEASURED)
    ui.press('5y')
    await ui.sees('Copied data')
    expect(ui.output).toContain(`\x1b]52;c;${Buffer.from('data').toString('base64')}\x07`)
  })

  test('reads again on r', async () => {
    const ui = start(['--root', fixtureRoot('vfs-layerdb')])
    await ui.sees(MEASURED)
    ui.press('2jr')
    await ui.sees(/Reading|Measuring/)
    await ui.seesNo(/Reading|Measuring/)
    expect(ui.screen()).toMatch(/2\/\d+ names/)
  })

  test('a root that is not there is a sentence with what to do, and exit code 1', async () => {
    const ui = start(['--root', '/nowhere/at/all'])
    await ui.sees('There is no directory /nowhere/at/all.')
    await ui.sees('Name a data root with --root DIR.')
    ui.press('q')
    expect((await ui.ended).exitCode).toBe(1)
  })

  test.skipIf(process.getuid?.() === 0)('a root that cannot be read is one too', async () => {
    const root = mkdtempSync(join(tmpdir(), 'layerscope-closed-'))
    chmodSync(root, 0)
    const ui = start(['--root', root])
    await ui.sees('permission denied')
    rmSync(root, { recursive: true, force: true })
  })
})

describe('without a terminal to draw on', () => {
  test('prints the summary of df and ends', () => {
    const { stdout, status } = spawnSync(process.execPath, [PROGRAM, 'demo'], { encoding: 'utf8' })
    expect(stdout).toContain('What docker system df prints')
    expect(stdout).toMatch(/^Images +\d+ +\d+ /m)
    expect(status).toBe(0)
  })

  test('reads as text where TERM is dumb', async () => {
    const ui = start(['demo'], { environment: { TERM: 'dumb' } })
    await ui.sees('Number, b back')
    ui.press('images\r')
    await ui.sees(/\. IMAGE rebuilt:latest, STORE aufs, ID /)
    ui.press('q\r')
    expect((await ui.ended).exitCode).toBe(0)
    expect(ui.output).not.toContain('\x1b')
  })
})
