import { expect, test } from 'vitest'
import type { Report } from '../../../src/report/schema.ts'
import { open } from '../support/journey.ts'
import { reportOf } from '../support/reports.ts'

const base = reportOf(['overlay2-buildkit'], { measure: false })
const damaged: Report = {
  ...base,
  findings: base.images.flatMap(({ id }) =>
    Array.from({ length: 4 }, (_, index) => ({
      code: 'image-layer-missing' as const,
      severity: 'error' as const,
      root: base.roots[0]?.path ?? '',
      subject: { kind: 'image' as const, id },
      path: `image/${index}`,
      message: `Image ${id} needs layer 084f, which is missing.`,
      hint: null,
    })),
  ),
}

test('many findings of one kind take one row, which opens each of them', () => {
  const findings = open(damaged).press('f')
  const count = damaged.findings.length
  expect(findings.selected).toContain(`error  image-layer-missing  ${count} of them`)
  expect(findings.screen).toContain('Image … needs layer 084f, which is missing.')
  expect(findings.rows.at(-2)).not.toMatch(/top|end/)
  const each = findings.press('enter')
  expect(each.rows[1]).toContain('Findings › image-layer-missing')
  expect(each.press('j').selected).toMatch(/^error {2}image-layer-missing$/)
  expect(each.press('enter').rows[1]).toContain('image-layer-missing › image ')
  expect(each.press('enter', 'esc', 'esc').selected).toBe(findings.selected)
})

test('the palette finds one of many on the page of its kind', () => {
  const { id } = damaged.images.at(-1) ?? { id: '' }
  const found = open(damaged).press(':').type(`Image ${id} needs`).press('enter')
  expect(found.rows[1]).toContain('image-layer-missing')
  expect(found.screen).toContain(id)
})
