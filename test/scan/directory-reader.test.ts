import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DirectoryReader } from '../../src/scan/directory-reader.ts'
import { LocalTree } from '../../src/tree/local.ts'
import { scratch } from '../tree/scratch.ts'

it('is not there where a link stands above it, even to the very same files', () => {
  const top = scratch()
  mkdirSync(join(top, 'root/overlay/a/diff'), { recursive: true })
  writeFileSync(join(top, 'root/overlay/a/diff/file'), 'content')
  const directory = () => new DirectoryReader(new LocalTree(join(top, 'root')), 'overlay/a/diff')
  expect(directory().exists()).toBe(true)
  expect(directory().at('file')?.size).toBe(7)

  renameSync(join(top, 'root/overlay/a'), join(top, 'elsewhere'))
  symlinkSync('../../elsewhere', join(top, 'root/overlay/a'))
  expect(directory().exists()).toBe(false)
  expect(directory().at('file')).toBeNull()
  expect(directory().names('')).toEqual([])
  expect([...directory().walk()]).toEqual([])
})
