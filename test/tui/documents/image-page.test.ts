import { expect, test } from 'vitest'
import { open } from '../support/journey.ts'
import { reportOf } from '../support/reports.ts'

test('an image of several platforms has no negative bytes, but the reason why docker has', () => {
  const report = reportOf(['docker-containerd'])
  expect(report.images.find(({ tags }) => tags.includes('multi:2'))?.size.unique).toBeLessThan(0)
  const page = open(report, { columns: 120, rows: 40 }).press('2').type('/multi:2').press('enter', 'enter')
  expect(page.screen.replace(/\s+/g, ' ')).toContain(
    'Size 38.52kB as the engine lists it; it calls 40.96kB shared, since it counts a layer once for each platform that has it',
  )
  expect(page.screen).not.toMatch(/-\d+B/)
})
