import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDatabase } from '../../src/layouts/database.ts'
import { Source } from '../../src/layouts/source.ts'
import type { Finding } from '../../src/model/findings.ts'
import { LocalTree } from '../../src/tree/local.ts'
import { copyOfFixture } from '../support/fixtures.ts'

const PATH = 'buildkit/metadata_v2.db'

/** The keys of a database as it is read from a root, with what was read of it and found. */
function read(root: string) {
  const findings: Finding[] = []
  const tree = new LocalTree(root)
  let longest = 0
  const readStart = tree.readStart.bind(tree)
  tree.readStart = (path, lengthBytes) => {
    const bytes = readStart(path, lengthBytes)
    longest = Math.max(longest, bytes.length)
    return bytes
  }
  const source = new Source(tree, root, findings, { onFile: () => true })
  const database = readDatabase(source, PATH, 'which records there are is')
  database?.reportDamage()
  const keys = database === null ? null : [...database.file.root.entries()].map(({ key }) => key.toString())
  return { keys, longest, codes: findings.map(({ code }) => code) }
}

describe('a database', () => {
  it('that was grown to gigabytes is read as far as it holds anything', () => {
    const { root, dispose } = copyOfFixture('overlay2-buildkit')
    try {
      const healthy = read(root)
      truncateSync(join(root, PATH), 5 * 1024 ** 3)
      const grown = read(root)
      expect(grown.codes).toEqual([])
      expect(grown.keys).toEqual(healthy.keys)
      expect(grown.longest).toBeLessThan(1024 ** 2)
    } finally {
      dispose()
    }
  })

  it('of gigabytes without a state is refused', () => {
    const { root, dispose } = copyOfFixture('overlay2-buildkit')
    try {
      truncateSync(join(root, PATH), 0)
      truncateSync(join(root, PATH), 5 * 1024 ** 3)
      const empty = read(root)
      expect(empty.codes).toEqual(['database-damaged'])
      expect(empty.longest).toBeLessThan(32 * 1024 ** 2)
    } finally {
      dispose()
    }
  })
})
