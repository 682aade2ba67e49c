import { expect, it } from 'vitest'
import { groupBy } from '../../src/model/group-by.ts'

it('groups in the order in which the items came, without those whose key is null', () => {
  const groups = groupBy(['bee', 'ant', '', 'bat', 'cow', 'asp'], (word) => word[0] ?? null)
  expect([...groups]).toEqual([
    ['b', ['bee', 'bat']],
    ['a', ['ant', 'asp']],
    ['c', ['cow']],
  ])
})
