import { describe, expect, it } from 'vitest'
import {
  chooseBasis,
  isRecordedRunning,
  runningContainers,
  wouldStart,
} from '../../../src/analysis/whatif/running.ts'
import { container } from '../build-model.ts'

const begun = { startedBefore: true }

it.each([
  ['always', {}, true],
  ['always', { startedBefore: false }, false],
  ['always', { stoppedByHand: true }, true],
  ['unless-stopped', {}, true],
  ['unless-stopped', { stoppedByHand: true }, false],
  ['on-failure', {}, false],
  ['on-failure', { exitCode: 1 }, true],
  ['on-failure', { state: 'running' }, true],
  ['on-failure', { exitCode: 1, maximumRetries: 3, restartCount: 2 }, true],
  ['on-failure', { exitCode: 1, maximumRetries: 3, restartCount: 3 }, false],
  ['no', { state: 'running' }, false],
] as const)('an engine that starts minds the policy %s (%j): %s', (restartPolicy, over, expected) => {
  expect(wouldStart(container('c', { ...begun, restartPolicy, ...over }))).toBe(expected)
})

it.each([
  ['running', true],
  ['paused', true],
  ['restarting', true],
  ['exited', false],
  ['created', false],
  ['dead', false],
] as const)('a container that is %s is recorded as running: %s', (state, expected) => {
  expect(isRecordedRunning(container('c', { state }))).toBe(expected)
})

describe('the containers that run', () => {
  const all = [
    container('recorded', { state: 'running' }),
    container('started', { ...begun, restartPolicy: 'always' }),
    container('asked'),
  ]

  it('are those of the basis, and those that are said to', () => {
    expect([...runningContainers(all, 'recorded', new Set())]).toEqual(['recorded'])
    expect([...runningContainers(all, 'started', new Set())]).toEqual(['started'])
    expect([...runningContainers(all, 'recorded', new Set(['asked']))]).toEqual(['recorded', 'asked'])
  })

  it('are as recorded where an engine runs, or where it may run and some are', () => {
    const [recorded, started] = [all.slice(0, 1), all.slice(1)]
    expect(chooseBasis(true, started).basis).toBe('recorded')
    expect(chooseBasis(null, recorded).basis).toBe('recorded')
    expect(chooseBasis(null, started).basis).toBe('started')
    expect(chooseBasis(false, recorded).basis).toBe('started')
  })
})
