import { expect, it } from 'vitest'

interface Row {
  readonly measure: string
  readonly what: string
  readonly against: string
  readonly ratio: number | null
}

interface Baseline {
  worseThanBaseline(
    parameters: object,
    rows: readonly Row[],
    before: Readonly<Record<string, number>>,
  ): (Row & { readonly before: number | null })[]
}

const { worseThanBaseline }: Baseline = await import(
  new URL('../../bench/baseline.mjs', import.meta.url).href
)

const row = (what: string, ratio: number | null) => ({
  measure: 'scan',
  what,
  against: 'x',
  ratio,
  unit: 's' as const,
})
const kept = { 'report / x': 2, 'walk / x': 1 }
const worse = (...rows: Row[]) => worseThanBaseline({}, rows, kept).map(({ what, before }) => [what, before])

it('tells what is worse than the kept ratio by more than a quarter', () => {
  expect(worse(row('report', 2.5), row('walk', 0.2))).toEqual([])
  expect(worse(row('report', 2.51), row('walk', 1.3))).toEqual([
    ['report', 2],
    ['walk', 1],
  ])
})

it('tells what cannot be measured any more, and nothing of what is new', () => {
  expect(worse(row('report', null), row('scan', null), row('new', 99), row('without gdu', null))).toEqual([
    ['report', 2],
    ['scan', null],
  ])
})
