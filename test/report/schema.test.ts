import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { fixtureRoot } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'

const schema: unknown = JSON.parse(
  readFileSync(new URL('../../schema/report-1.0.schema.json', import.meta.url), 'utf8'),
)

/** The schema with every object closed: what the program writes has to be described, member by member. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, closed(member)]))
  return 'properties' in copy ? { ...copy, additionalProperties: false } : copy
}

const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(closed(schema) as object)

describe('the JSON report', () => {
  it.each(['overlay2-buildkit', 'legacy-aufs', 'legacy-vfs', 'vfs-layerdb', 'overlay-layerdb'] as const)(
    'of %s is what the schema describes, measured and not',
    (name) => {
      for (const measure of [true, false]) {
        const valid = validate(JSON.parse(JSON.stringify(reportOf(fixtureRoot(name), { measure }))))
        expect(validate.errors).toBeNull()
        expect(valid).toBe(true)
      }
    },
  )

  it('gives the same bytes for the same root', () => {
    const root = fixtureRoot('overlay2-buildkit')
    const { roots: firstRoots, ...first } = reportOf(root)
    const { roots: secondRoots, ...second } = reportOf(root)
    expect(JSON.stringify(second)).toBe(JSON.stringify(first))
    expect(secondRoots.map((each) => each.path)).toEqual(firstRoots.map((each) => each.path))
  })
})
