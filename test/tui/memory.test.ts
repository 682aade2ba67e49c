import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { type Journey, open } from './support/journey.ts'
import { reportOf } from './support/reports.ts'

const KEYS = 5000
/** What a person does: through lists and pages, orders, filters and units, and always back. */
const ROUND = [
  ...['1', 'enter', 'j', 'esc', '2', 'j', 'j', 'enter', 'j', 'esc', 's', 'S', '/', 'b', 'k', 'esc'],
  ...['3', 'j', 'left', 'right', 'pagedown', 'pageup', '4', 'space', 'U', '5', 'y', '6', 'u', '?', 'esc'],
]
const MOST_GROWTH_BYTES = 2_000_000

setFlagsFromString('--expose-gc')
const collectGarbage: unknown = runInNewContext('gc')

function heapBytes(): number {
  if (typeof collectGarbage !== 'function') throw new Error('this Node cannot be told to collect garbage')
  for (let round = 0; round < 3; round++) collectGarbage()
  return process.memoryUsage().heapUsed
}

test('memory is flat over 5,000 keys, each with its frame', () => {
  const pressed = (journey: Journey, count: number): Journey => {
    let state = journey
    for (let key = 0; key < count; key++) {
      state = state.press(ROUND[key % ROUND.length] ?? '').forgetful
      if (state.screen === '') throw new Error('nothing is drawn')
    }
    return state
  }
  const warm = pressed(open(reportOf(['vfs-layerdb'])), ROUND.length * 12)
  const before = heapBytes()
  const after = pressed(warm, KEYS)
  expect(heapBytes() - before).toBeLessThan(MOST_GROWTH_BYTES)
  expect(after.state.opened.length).toBeLessThanOrEqual(1)
})
