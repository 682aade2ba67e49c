import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { copyOfFixture } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'
import { ensureBuilt, layerscope } from './program.ts'

beforeAll(ensureBuilt)

/** A root with so many directories that the built program shares them among threads; the sources never do. */
function largeRoot(): string {
  const { root, dispose } = copyOfFixture('vfs-layerdb')
  onTestFinished(dispose)
  const data = join(root, 'volumes/data/_data')
  const layer = join(
    root,
    'vfs/dir',
    execFileSync('ls', [join(root, 'vfs/dir')])
      .toString()
      .split('\n')[0] ?? '',
  )
  writeFileSync(join(data, 'shared'), 'x'.repeat(5000))
  for (let index = 0; index < 2000; index++) {
    const directory = join(data, `d${index % 50}`, `e${index}`)
    mkdirSync(join(directory, 'deeper'), { recursive: true })
    writeFileSync(join(directory, 'deeper/file'), 'x'.repeat(index))
    if (index % 3 === 0) linkSync(join(data, 'shared'), join(directory, 'link'))
  }
  // One inode that two owners have, and a directory whose name only its bytes can tell.
  linkSync(join(data, 'shared'), join(layer, 'link'))
  const odd = Buffer.concat([Buffer.from(`${data}/odd`), Buffer.from([0xff])])
  mkdirSync(odd)
  writeFileSync(Buffer.concat([odd, Buffer.from('/file')]), 'x'.repeat(10_000))
  return root
}

it('measures the same with several threads as with one, however they share the work', () => {
  const root = largeRoot()
  const { ledger, volumes, layers } = reportOf(root)
  const du = execFileSync('du', ['-sxB1', root], { encoding: 'utf8' })
  expect(ledger.total.disk).toBe(Number.parseInt(du, 10))
  for (let run = 0; run < 5; run++) {
    const shared = JSON.parse(layerscope(['report', '--root', root]).out) as Report
    expect(shared.ledger).toEqual(ledger)
    expect(shared.volumes).toEqual(volumes)
    expect(shared.layers).toEqual(layers)
  }
})
