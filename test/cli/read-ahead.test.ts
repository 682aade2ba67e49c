import { appendFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { generateRoot } from '../support/generate-root.mjs'
import { reportOf } from '../support/scan-fixture.ts'
import { scratch } from '../tree/scratch.ts'
import { ensureBuilt, layerscope } from './program.ts'

beforeAll(ensureBuilt)

/** A root with so many layers that the built program reads their links in a second thread; the sources never do. */
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
  return root
}

it('finds the same in links and lower files whether they are read ahead or in their turn', () => {
  const root = damagedRoot()
  const { findings, orphans } = reportOf(root, { measure: false })
  expect(findings.length).toBeGreaterThan(8)
  const ahead = JSON.parse(layerscope(['report', '--no-measure', '--root', root]).out) as Report
  expect(ahead.findings).toEqual(findings)
  expect(ahead.orphans.map(({ path }) => path)).toEqual(orphans.map(({ path }) => path))
})
