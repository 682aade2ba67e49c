import { describe, expect, it } from 'vitest'
import { container } from '../build-model.ts'
import { network, playOn } from './play-on.ts'

const networks = [
  ...['bridge', 'host', 'none', 'default', 'mine', 'other'].map((name) =>
    network(name, { created: '2026-01-01T00:00:00Z' }),
  ),
  network('old', { created: '2020-01-01T00:00:00Z', labels: new Map([['keep', 'yes']]) }),
  network('template', { configOnly: true }),
]
const prune = (flags = '', use: readonly object[] = [], state: 'running' | 'exited' = 'running') =>
  playOn(
    { networks, containers: [container('c', { state, networks: use as never })] },
    `network prune${flags}`,
  )

describe('network prune', () => {
  it('takes what the user made and nobody is attached to', () => {
    expect(prune()).toMatchObject({ networks: ['id-of-mine', 'id-of-old', 'id-of-other'], said: null })
  })

  it('leaves those of containers that run, by id or else by name', () => {
    expect(prune('', [{ id: 'id-of-mine', name: 'other' }]).networks).toEqual(['id-of-old', 'id-of-other'])
    expect(prune('', [{ id: null, name: 'mine' }]).networks).toEqual(['id-of-old', 'id-of-other'])
    expect(prune('', [{ id: 'id-of-mine', name: 'mine' }], 'exited').networks).toHaveLength(3)
  })

  it('leaves the one by which a swarm goes out', () => {
    const endpoints = [{ id: 'e', name: 'gateway_ingress-sbox', container: 'ingress-sbox' }]
    const swarm = [network('docker_gwbridge', { endpoints }), network('mine')]
    expect(playOn({ networks: swarm }, 'network prune').networks).toEqual(['id-of-mine'])
  })

  it('looks at age and labels', () => {
    expect(prune(' --filter until=2024-01-01Z').networks).toEqual(['id-of-old'])
    expect(prune(' --filter label=keep').networks).toEqual(['id-of-old'])
    expect(prune(' --filter label!=keep').networks).toEqual(['id-of-mine', 'id-of-other'])
    expect(prune(' --filter x=y')).toMatchObject({ networks: [], refused: ["Invalid filter 'x'"] })
  })
})
