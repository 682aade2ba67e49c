import { execFileSync } from 'node:child_process'
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LocalTree } from '../../src/tree/local.ts'
import { atPath } from '../../src/tree/long-path.ts'
import { DEEP_FILE_BYTES, DEEP_NAME, makeDeepTree } from '../support/deep-tree.ts'
import { scratch } from './scratch.ts'

const LEVELS = 50
const deepest = Array.from({ length: LEVELS }, () => DEEP_NAME).join('/')

const openDescriptors = (): number => readdirSync('/proc/self/fd').length

describe.runIf(process.platform === 'linux')('a path longer than the system takes', () => {
  it('leads to what lies there, and leaves no directory open', () => {
    const top = scratch()
    makeDeepTree(top, LEVELS)
    const before = openDescriptors()
    expect(atPath(`${top}/${deepest}/file`, (path) => lstatSync(path).size)).toBe(DEEP_FILE_BYTES)
    expect(atPath(Buffer.from(`${top}/${deepest}`), (path) => readdirSync(path))).toEqual(['file'])
    expect(() => atPath(`${top}/${deepest}/gone/${deepest}/file`, (path) => lstatSync(path))).toThrow(
      'ENOENT',
    )
    expect(openDescriptors()).toBe(before)
  })

  it('follows no link that stands in the place of one of its directories', () => {
    const top = scratch()
    makeDeepTree(top, 1)
    execFileSync('ln', ['-s', DEEP_NAME, join(top, 'link')])
    const climbing = Array.from({ length: 20 }, () => DEEP_NAME).join('/')
    expect(() => atPath(`${top}/link/${climbing}/file`, (path) => lstatSync(path))).toThrow(/ENOENT|ENOTDIR/)
  })

  it('is no different from another to a tree', () => {
    const top = scratch()
    makeDeepTree(top, LEVELS)
    const tree = new LocalTree(top)
    expect(tree.list(deepest)).toEqual([{ name: 'file', kind: 'file' }])
    expect(tree.stat(`${deepest}/file`)).toMatchObject({ kind: 'file', sizeBytes: DEEP_FILE_BYTES })
    expect(tree.stat(`${deepest}/gone`)).toBeNull()
    expect(tree.read(`${deepest}/file`, 10_000)).toHaveLength(DEEP_FILE_BYTES)
    expect(tree.readStart(`${deepest}/file`, 3).toString()).toBe('xxx')
  })
})

it('is left as it is where the system takes it', () => {
  const file = join(scratch(), 'file')
  writeFileSync(file, 'content')
  expect(atPath(file, (path) => readFileSync(path, 'utf8'))).toBe('content')
  expect(atPath(file, (path) => path)).toBe(file)
})
