import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { isStoreInUse } from '../../src/scan/storage-programs.ts'
import { scratch } from '../tree/scratch.ts'

/** The processes of a host, as the kernel shows them. */
function processes(...commands: readonly (readonly string[])[]): string {
  const proc = scratch()
  for (const [index, words] of commands.entries()) {
    const home = join(proc, String(index + 1))
    mkdirSync(home)
    writeFileSync(join(home, 'comm'), `${words[0]}\n`)
    writeFileSync(join(home, 'cmdline'), `${words.join('\0')}\0`)
    symlinkSync('/', join(home, 'root'))
  }
  mkdirSync(join(proc, 'sys'))
  return proc
}

describe('a store is in use', () => {
  let [store, other] = ['', '']
  beforeEach(() => {
    store = join(scratch(), 'containers/storage')
    other = join(scratch(), 'other')
    for (const directory of [store, other]) mkdirSync(directory, { recursive: true })
  })

  it('by a program that is told of it', () => {
    expect(isStoreInUse(other, processes(['podman', '--root', other, 'build']))).toBe(true)
    expect(isStoreInUse(other, processes(['buildah', `--root=${other}`, 'commit']))).toBe(true)
    expect(isStoreInUse(other, processes(['podman', '--root', store, 'build']))).toBe(false)
    expect(isStoreInUse(other, processes(['podman', '--root']))).toBe(false)
  })

  it('by one that is told of none, where it lies in the usual place', () => {
    expect(isStoreInUse(store, processes(['bash'], ['crio']))).toBe(true)
    expect(isStoreInUse(other, processes(['crio']))).toBe(false)
  })

  it('by no other program, nor where no process is seen', () => {
    expect(isStoreInUse(store, processes(['bash', 'podman'], ['conmon']))).toBe(false)
    expect(isStoreInUse(store, '/nowhere')).toBe(false)
  })
})
