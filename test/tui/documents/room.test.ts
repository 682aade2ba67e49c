import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { divideRoom, type Wish } from '../../../src/tui/documents/overview/room.ts'

const WISH: Wish = { categories: 12, ways: 10, things: 20, tables: 5, gaps: 4 }
const used = (lines: number, wish: Wish): number => {
  const room = divideRoom(lines, wish)
  const gaps = room.hasGaps ? wish.gaps : 0
  return room.categories + room.ways + room.things + gaps + (room.hasTables ? wish.tables : 0)
}

describe('the room of the first page', () => {
  test('goes to where the space is and what can go before the largest things and the tables', () => {
    expect(divideRoom(15, WISH)).toEqual({
      categories: 5,
      ways: 4,
      things: 2,
      hasTables: false,
      hasGaps: true,
    })
  })

  test('is enough for everything on a tall screen', () => {
    expect(divideRoom(60, WISH)).toEqual({
      categories: 12,
      ways: 10,
      things: 20,
      hasTables: true,
      hasGaps: true,
    })
  })

  test('is never exceeded where there are six lines, and nothing is left out where there are fewer', () => {
    const wish = fc.record({
      categories: fc.nat(20),
      ways: fc.integer({ min: 1, max: 12 }),
      things: fc.nat(20),
      tables: fc.nat(12),
      gaps: fc.constant(4),
    })
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 80 }), wish, (lines, wished) => {
        expect(used(lines, wished)).toBeLessThanOrEqual(lines)
      }),
    )
    expect(divideRoom(-3, WISH)).toMatchObject({ categories: 3, ways: 1, things: 3 })
  })

  test('gives a heading of commands at least two of them', () => {
    for (let lines = 0; lines < 60; lines++) expect([2]).not.toContain(divideRoom(lines, WISH).ways)
  })
})
