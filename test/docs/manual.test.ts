import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { PROGRAM } from '../tui/support/program.ts'

const text = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')

const help = (...command: string[]): string =>
  spawnSync(process.execPath, [PROGRAM, 'help', ...command], { encoding: 'utf8' }).stdout

const commands = [...help().matchAll(/^ {2}([a-z]+) (?:\[|<| {2})/gm)].map(([, name = '']) => name)

describe('what is written about the program', () => {
  test('the help lists the commands', () => {
    expect(commands).toContain('df')
    expect(commands).toContain('whatif')
    expect(commands.length).toBeGreaterThan(15)
  })

  test('the help calls no switch false by default', () => {
    expect(commands.filter((name) => help(name).includes('default: false'))).toEqual([])
  })

  test.each(['docs/layerscope.1', 'README.md'])('%s names every command', (file) => {
    const written = text(file)
    expect(commands.filter((name) => !new RegExp(`\\b${name}\\b`).test(written))).toEqual([])
  })

  test('the manual page names every option of every command', () => {
    const manual = text('docs/layerscope.1').replaceAll('\\-', '-')
    const options = new Set(commands.flatMap((name) => help(name).match(/--[a-z][a-z-]+/g) ?? []))
    expect(options.size).toBeGreaterThan(15)
    expect([...options].filter((option) => !manual.includes(option))).toEqual([])
  })
})
