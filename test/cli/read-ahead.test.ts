import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it, vi } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { LocalTree } from '../../src/tree/local.ts'
import { generateRoot } from '../support/generate-root.mjs'
import { reportOf } from '../support/scan-fixture.ts'
import { scratch } from '../tree/scratch.ts'
import { ensureBuilt, layerscope } from './program.ts'

beforeAll(ensureBuilt)

/** A root with so many layers that the built program reads their small files in a second thread; the sources never do. */
function damagedRoot(): string {
  const root = join(scratch(), 'root')
  generateRoot(root, { images: 100, layersPerImage: 12, filesPerLayer: 1, containers: 3, volumes: 0 })
  const home = join(root, 'overlay2')
  const lower = readdirSync(home)
    .filter((name) => name !== 'l' && !name.endsWith('-init'))
    .map((name) => join(home, name, 'lower'))
  const links = lower.map((path) => path.replace(/lower$/, 'link'))
  writeFileSync(links[0] ?? '', '')
  writeFileSync(links[1] ?? '', '\0'.repeat(26))
  rmSync(links[2] ?? '')
  rmSync(links[3] ?? '')
  symlinkSync('/etc/passwd', links[3] ?? '')
  appendFileSync(lower[4] ?? '', ':l/\u{1f433}\xff')
  writeFileSync(lower[5] ?? '', `l/${'A'.repeat(26)}:`.repeat(4000))
  const [first = ''] = readdirSync(join(home, 'l'))
  rmSync(join(home, 'l', first))
  symlinkSync('../gone/diff', join(home, 'l', 'B'.repeat(26)))
  symlinkSync('../../etc', join(home, 'l', 'C'.repeat(26)))
  writeFileSync(join(home, 'l', 'file'), '')
  damageRecords(join(root, 'image/overlay2/layerdb/sha256'))
  return root
}

function damageRecords(layerdb: string): void {
  const records = readdirSync(layerdb).map((name) => join(layerdb, name))
  const at = (index: number, file: string): string => join(records[index * 40] ?? '', file)
  rmSync(at(0, 'diff'))
  writeFileSync(at(1, 'diff'), 'x'.repeat(5000))
  writeFileSync(at(2, 'size'), '12\n')
  writeFileSync(at(3, 'cache-id'), '../../../../etc')
  rmSync(at(4, 'cache-id'))
  mkdirSync(at(4, 'cache-id'))
  rmSync(at(5, 'parent'), { force: true })
  symlinkSync('diff', at(5, 'parent'))
  truncateSync(at(6, 'tar-split.json.gz'))
  rmSync(at(7, 'tar-split.json.gz'))
  symlinkSync('diff', at(7, 'tar-split.json.gz'))
  rmSync(records[8 * 40] ?? '', { recursive: true })
  symlinkSync(records[8 * 40 + 1] ?? '', records[8 * 40] ?? '')
  writeFileSync(at(9, 'size'), '\xff')
}

it('finds the same in small files whether they are read ahead, by one thread or two, or in their turn', () => {
  const root = damagedRoot()
  const alone = reportOf(root, { measure: false })
  const notAhead = vi.spyOn(LocalTree.prototype, 'expect').mockImplementation(() => {})
  const { findings, orphans, layers } = reportOf(root, { measure: false })
  notAhead.mockRestore()
  expect(findings.length).toBeGreaterThan(20)
  const helped = JSON.parse(layerscope(['report', '--no-measure', '--root', root]).out) as Report
  for (const report of [alone, helped]) {
    expect(report.findings).toEqual(findings)
    expect(report.layers).toEqual(layers)
    expect(report.orphans.map(({ path }) => path)).toEqual(orphans.map(({ path }) => path))
  }
})
