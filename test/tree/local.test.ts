import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LocalTree } from '../../src/tree/local.ts'
import { TreeError } from '../../src/tree/tree.ts'
import { asOrdinaryUser, scratch } from './scratch.ts'

const thrownBy = (call: () => unknown): TreeError => {
  try {
    call()
  } catch (error) {
    if (error instanceof TreeError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('LocalTree', () => {
  it('lists in the byte order of the names, beyond the first plane too', () => {
    const top = scratch()
    const names = ['B', 'a', 'ab', 'b', 'é', '～', '😀']
    for (const name of names.toReversed()) writeFileSync(join(top, name), '')
    expect(new LocalTree(top).list('').map((entry) => entry.name)).toEqual(names)
  })

  it('gives names that are not UTF-8 so that each leads back to its own file', () => {
    const top = scratch()
    for (const byte of [0xff, 0xfe]) {
      const directory = Buffer.concat([Buffer.from(`${top}/`), Buffer.from([byte])])
      mkdirSync(directory)
      writeFileSync(Buffer.concat([directory, Buffer.from('/file')]), String(byte))
    }
    writeFileSync(join(top, 'a\uFFFDb'), 'UTF-8')
    const tree = new LocalTree(top)
    const names = tree.list('').map(({ name }) => name)
    expect(names).toEqual(['a\uFFFDb', '\udcfe', '\udcff'])
    expect(tree.readText('\udcfe/file', 100)).toBe('254')
    expect(tree.readText('\udcff/file', 100)).toBe('255')
    expect(tree.stat('a\uFFFDb')?.sizeBytes).toBe(5)
    expect(tree.stat('\uFFFD')).toBeNull()
  })

  it('never opens a device', () => {
    const tree = new LocalTree('/dev')
    expect(tree.stat('null')?.kind).toBe('device')
    expect(thrownBy(() => tree.read('null', 1))).toMatchObject({
      code: 'not-regular',
      path: 'null',
      message: 'is a device, not a regular file',
    })
  })

  it('says what may not be read, and why', () => {
    const top = scratch()
    mkdirSync(join(top, 'closed'))
    writeFileSync(join(top, 'closed/file'), 'secret')
    writeFileSync(join(top, 'file'), 'secret')
    chmodSync(join(top, 'file'), 0)
    chmodSync(join(top, 'closed'), 0)
    asOrdinaryUser(() => {
      const tree = new LocalTree(top)
      for (const call of [
        () => tree.read('file', 100),
        () => tree.readText('file', 100),
        () => tree.readStart('file', 100),
        () => tree.list('closed'),
        () => tree.read('closed/file', 100),
        () => tree.stat('closed/file'),
      ])
        expect(thrownBy(call)).toMatchObject({
          code: 'denied',
          message: 'cannot be read: permission denied',
        })
      expect(tree.stat('closed')?.kind).toBe('directory')
    })
  })

  it('gives allocated bytes as the disk has them, not lengths', () => {
    const top = scratch()
    writeFileSync(join(top, 'one'), 'x')
    const stat = new LocalTree(top).stat('one')
    expect(stat?.sizeBytes).toBe(1)
    expect((stat?.diskBytes ?? 0) % 512).toBe(0)
    expect(stat?.diskBytes).not.toBe(1)
  })
})
