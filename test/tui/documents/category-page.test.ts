import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { copyOfFixture } from '../../support/fixtures.ts'
import { scanRoots } from '../support/answering.ts'
import { type Journey, open } from '../support/journey.ts'

const until = (journey: Journey, wanted: RegExp): Journey => {
  for (let step = 0, at = journey; step < 60; step++, at = at.press('j'))
    if (wanted.test(at.selected)) return at
  throw new Error(`nothing like ${wanted} was come to`)
}

test('what is not judged stands under its reason once, each place with its size, and can be opened and copied', () => {
  const { root, dispose } = copyOfFixture('overlay2-buildkit')
  onTestFinished(dispose)
  const paths = ['a', 'b', 'c', 'd'].map((letter) => `overlay2/${letter.repeat(25)}`)
  for (const path of paths) {
    mkdirSync(join(root, path, 'diff'), { recursive: true })
    writeFileSync(join(root, path, 'diff/data'), 'x'.repeat(5000))
  }
  writeFileSync(join(root, 'buildkit/snapshots.db'), '')
  const { report } = scanRoots([root])
  expect(report.unjudged.map(({ path }) => path)).toEqual(expect.arrayContaining(paths))
  expect(report.unjudged.every(({ size }) => (size.disk ?? 0) > 5000)).toBe(true)

  const page = until(open(report, { columns: 100, rows: 50 }), /^Without an owner/).press('enter')
  const because = report.unjudged[0]?.because.slice(0, 40) ?? ''
  expect(page.screen.split(because)).toHaveLength(2)
  expect(page.screen).toMatch(/\d places below \S+,\s+\S+B on disk/)
  const place = until(page, /bbbb$/)
  expect(place.selected).toMatch(/^ *\S+B {2}overlay2\/b+$/)
  expect(place.press('Y').effects).toEqual([{ kind: 'copy', text: join(root, paths[1] ?? '') }])
  const directory = place.press('enter').state.opened.at(-1)
  expect(directory).toMatchObject({ kind: 'list', view: 'files', place: { root, path: paths[1] } })
})
