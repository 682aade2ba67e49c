import { expect, test } from 'vitest'
import type { Event } from '../../src/tui/events.ts'
import { drawFrame } from '../../src/tui/frame/frame.ts'
import { createStore } from '../../src/tui/store.ts'
import { start } from './support/journey.ts'
import { reportOf } from './support/reports.ts'

test('ages move on with the first key after a minute, and never by themselves', () => {
  const read = reportOf(['overlay2-buildkit'], { measure: false })
  const generatedAtMs = Date.parse(read.generatedAt)
  const report = {
    ...read,
    containers: read.containers.map((container) => ({
      ...container,
      created: new Date(generatedAtMs - 17_000).toISOString(),
    })),
  }
  let nowMs = generatedAtMs
  let drawn = 0
  const store = createStore(
    start().state,
    () => {},
    () => nowMs,
  )
  store.subscribe(() => drawn++)
  const key = (name: string): Event => ({ kind: 'input', input: { kind: 'key', key: name } })
  store.dispatch([{ kind: 'scan', scan: { kind: 'done', report, exact: true, wasStopped: false } }])
  store.dispatch([key('4'), key('enter')])
  expect(drawFrame(store.state).join('\n')).toContain('17 seconds ago')
  nowMs += 20 * 60_000
  const before = drawn
  store.dispatch([{ kind: 'idle' }])
  expect(drawn).toBe(before)
  store.dispatch([key('j')])
  expect(drawFrame(store.state).join('\n')).toContain('20 minutes ago')
})
