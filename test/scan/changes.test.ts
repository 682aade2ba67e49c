import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { changedBytes } from '../../src/scan/changes.ts'
import { scratch } from '../tree/scratch.ts'

let base = ''
let upper = ''

/** A tree and a copy of it with the same times, as a driver without a list of changes makes one. */
beforeEach(() => {
  const top = scratch()
  base = join(top, 'base')
  upper = join(top, 'upper')
  mkdirSync(join(base, 'dir'), { recursive: true })
  writeFileSync(join(base, 'same'), 'x'.repeat(1000))
  writeFileSync(join(base, 'dir/edited'), 'x'.repeat(100))
  writeFileSync(join(base, 'deleted'), 'x'.repeat(10))
  symlinkSync('same', join(base, 'way'))
  execFileSync('cp', ['-a', base, upper])
})

describe('the blocks of changes', () => {
  const blocks = (...paths: string[]): number =>
    paths.reduce((sum, path) => sum + lstatSync(join(upper, path)).blocks * 512, 0)

  it('are those of all that was added or changed, directories too', () => {
    mkdirSync(join(upper, 'new'))
    writeFileSync(join(upper, 'new/file'), 'x'.repeat(5000))
    linkSync(join(upper, 'new/file'), join(upper, 'again'))
    writeFileSync(join(upper, 'dir/edited'), 'y'.repeat(101))
    expect(changedBytes(upper, [base], 'blocks')).toBe(blocks('new', 'new/file', 'dir/edited'))
  })

  it('are not those of a directory in which something changed, but of one with another mode', () => {
    rmSync(join(upper, 'dir/edited'))
    expect(changedBytes(upper, [base], 'blocks')).toBe(0)
    chmodSync(join(upper, 'dir'), 0o700)
    expect(changedBytes(upper, [base], 'blocks')).toBe(blocks('dir'))
  })

  it('count a file whose time differs by less than a second', () => {
    utimesSync(join(base, 'same'), 1000, 1000)
    utimesSync(join(upper, 'same'), 1000, 1000.5)
    expect(changedBytes(upper, [base], 'lengths')).toBe(0)
    expect(changedBytes(upper, [base], 'blocks')).toBe(blocks('same'))
  })
})

describe('changedBytes', () => {
  it('follows no link of the tree below, even to the very same files', () => {
    renameSync(join(base, 'dir'), join(base, 'elsewhere'))
    symlinkSync('elsewhere', join(base, 'dir'))
    expect(changedBytes(upper, [base])).toBe(100)
  })

  it('is 0 for a copy, and for one that only lost files', () => {
    expect(changedBytes(upper, [base])).toBe(0)
    rmSync(join(upper, 'deleted'))
    expect(changedBytes(upper, [base])).toBe(0)
  })

  it('counts added and changed entries with their whole length, directories not', () => {
    writeFileSync(join(upper, 'dir/edited'), 'y'.repeat(101))
    mkdirSync(join(upper, 'new'))
    writeFileSync(join(upper, 'new/file'), 'z'.repeat(7))
    symlinkSync('four', join(upper, 'new/link'))
    expect(changedBytes(upper, [base])).toBe(101 + 7 + 4)
  })

  it('takes a changed mode and a changed time for a change', () => {
    chmodSync(join(upper, 'same'), 0o755)
    expect(changedBytes(upper, [base])).toBe(1000)
    utimesSync(join(upper, 'dir/edited'), 1, 1)
    expect(changedBytes(upper, [base])).toBe(1100)
  })

  it('takes times for equal where one of them has no fraction of a second, as tar restores them', () => {
    utimesSync(join(base, 'same'), 1_700_000_000, 1_700_000_000.25)
    utimesSync(join(upper, 'same'), 1_700_000_000, 1_700_000_000)
    expect(changedBytes(upper, [base])).toBe(0)
    utimesSync(join(upper, 'same'), 1_700_000_000, 1_700_000_000.75)
    expect(changedBytes(upper, [base])).toBe(1000)
  })

  it('counts an inode with several names once', () => {
    writeFileSync(join(upper, 'one'), 'x'.repeat(50))
    linkSync(join(upper, 'one'), join(upper, 'dir/two'))
    expect(changedBytes(upper, [base])).toBe(50)
  })

  it('compares with the nearest tree that has the name', () => {
    const init = join(upper, '../init')
    mkdirSync(join(init, 'dir'), { recursive: true })
    writeFileSync(join(init, 'dir/edited'), 'from init')
    execFileSync('cp', ['-a', join(init, 'dir/edited'), join(upper, 'dir/edited')])
    expect(changedBytes(upper, [init, base])).toBe(0)
    expect(changedBytes(upper, [base, init])).toBe('from init'.length)
  })

  it('compares names that are not UTF-8 by their bytes', () => {
    const bad = (tree: string, byte: number): Buffer =>
      Buffer.concat([Buffer.from(`${tree}/bad`), Buffer.from([byte])])
    writeFileSync(bad(base, 0xfe), 'x'.repeat(30))
    execFileSync('cp', ['-a', `${base}/.`, upper])
    writeFileSync(bad(upper, 0xff), 'y'.repeat(3))
    expect(changedBytes(upper, [base])).toBe(3)
  })

  it('is unknown where the tree cannot be read', () => {
    expect(changedBytes(join(upper, 'gone'), [base])).toBeNull()
  })
})
