import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DirectoryReader } from '../../../src/scan/directory-reader.ts'
import { compareTrees } from '../../../src/scan/layer-files/comparison.ts'
import { LocalTree } from '../../../src/tree/local.ts'
import { scratch } from '../../tree/scratch.ts'

it('lists nothing as removed that it would have to follow a link to see', () => {
  const top = scratch()
  for (const name of ['below', 'above']) mkdirSync(join(top, 'root', name), { recursive: true })
  writeFileSync(join(top, 'root/below/removed'), '')
  writeFileSync(join(top, 'root/above/added'), '')
  const compare = () => {
    const tree = new LocalTree(join(top, 'root'))
    return compareTrees(new DirectoryReader(tree, 'above'), [new DirectoryReader(tree, 'below')])
  }
  expect(compare()).toMatchObject({ entries: [{ path: 'added' }], whiteouts: ['removed'], problems: [] })

  renameSync(join(top, 'root/below'), join(top, 'elsewhere'))
  symlinkSync('../elsewhere', join(top, 'root/below'))
  expect(compare()).toMatchObject({
    entries: [{ path: 'added' }],
    whiteouts: [],
    problems: [expect.stringContaining('below it is no directory any more')],
  })
})
