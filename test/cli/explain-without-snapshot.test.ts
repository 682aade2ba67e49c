import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ContentSpec, writeContainerd } from '../support/containerd-root.ts'
import { removeTree } from '../support/restore-fixtures.ts'
import { ensureBuilt, layerscope } from './program.ts'

const root = mkdtempSync(join(tmpdir(), 'layerscope-without-snapshot-'))
beforeAll(ensureBuilt)
afterAll(() => removeTree(root))

it('explain tells that a container of containerd has no snapshot, where it runs on a directory of the host', () => {
  const content = new ContentSpec()
  content.put('something')
  writeContainerd(root, '', { content, namespaces: { default: { containers: { rooted: '' } } } })
  const { code, err } = layerscope(['explain', 'rooted', '--root', root])
  expect(code).toBe(1)
  expect(err).toContain('The files of container "rooted" are in no image store here: it has no snapshot')
})
