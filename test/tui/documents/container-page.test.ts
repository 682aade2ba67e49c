import { expect, test } from 'vitest'
import { fixtureRoot } from '../../support/fixtures.ts'
import { answered, scanRoots } from '../support/answering.ts'
import { type Journey, open } from '../support/journey.ts'

const until = (journey: Journey, wanted: RegExp): Journey => {
  for (let step = 0, at = journey; step < 60; step++, at = at.press('j'))
    if (wanted.test(at.selected)) return at
  throw new Error(`nothing like ${wanted} was come to`)
}

test('the writable layer and the init layer have sizes of their own, which Enter leads to and which add up', () => {
  const roots = scanRoots([fixtureRoot('overlay2-buildkit')])
  for (const { name, initPath, size } of roots.report.containers) {
    if (initPath === null) continue
    expect((size.layer.disk ?? 0) + (size.init?.disk ?? 0), name).toBe(size.writable.disk)
    expect((size.layer.files ?? 0) + (size.init?.files ?? 0), name).toBe(size.writable.files)
  }
  const page = open(roots.report, { columns: 120, rows: 60 }).press('u', 'u', '4', 'enter')
  expect(page.screen).toMatch(/Writable layer {2}\d+ on disk in \d+ inodes, with its init layer/)
  for (const wanted of [/^Size .* of content/, /^Init layer .* of content/]) {
    const line = until(page, wanted)
    const [, disk, inodes] = /(\d+) on disk, .* in (\d+) inodes/.exec(line.selected) ?? []
    let directory = line.press('enter')
    for (let part = 0; part < 20 && !/ in \d+ inodes/.test(directory.screen); part++)
      directory = answered(directory, roots)
    directory = answered(answered(directory, roots), roots)
    expect(directory.rows.at(-2)).toContain(`${disk} in ${inodes} inodes`)
  }
})
