import { describe, expect, it } from 'vitest'
import { claim, container, survey } from '../build-model.ts'
import { playOn } from './play-on.ts'

const OLD = '2020-01-01T00:00:00Z'
const labels = new Map([['keep', 'yes']])

describe('container prune', () => {
  const containers = [
    container('old', { created: OLD, layerPath: 'overlay2/o/diff', labels }),
    container('new', { created: '2026-06-01T00:00:00Z', state: 'created', layerPath: 'overlay2/n/diff' }),
    container('running', { state: 'running' }),
  ]
  const measured = survey([
    [claim('overlay2/o/diff', { content: true }), 5, 4096, 1],
    [claim('overlay2/n/diff', { content: true }), 7, 4096, 1],
  ])
  const prune = (flags = '', surveys = [measured]) =>
    playOn({ containers }, `container prune${flags}`, {}, surveys)

  it('takes what does not run, and says what they wrote', () => {
    expect(prune()).toMatchObject({ containers: ['new', 'old'], said: 12 })
  })

  it('says nothing where that was not measured', () => {
    expect(prune('', [])).toMatchObject({ containers: ['new', 'old'], said: null })
    const [half] = [survey([[claim('overlay2/n/diff', { content: true }), 7, 4096, 1]])]
    expect(playOn({ containers: [container('a'), container('b')] }, 'container prune', {}, [half]).said).toBe(
      0,
    )
  })

  it.each([
    [' --filter until=2024-01-01Z', ['old']],
    [' --filter label=keep', ['old']],
    [' --filter label!=keep', ['new']],
  ])('takes only what %s leaves', (flags, expected) => {
    expect(prune(flags).containers).toEqual(expected)
  })

  it('refuses other filters', () => {
    expect(prune(' --filter dangling=true')).toMatchObject({
      containers: [],
      refused: ["Invalid filter 'dangling'"],
    })
  })
})
