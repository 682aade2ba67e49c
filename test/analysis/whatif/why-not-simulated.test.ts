import { describe, expect, it } from 'vitest'
import { whyNotSimulated } from '../../../src/analysis/whatif/why-not-simulated.ts'

const root = (kind: string) => ({ path: '/r', kind })
const store = (layout: string, active: boolean | null) => ({ root: '/r', layout, active, namespace: null })

describe('why removals are not simulated', () => {
  it('is told of every root that docker does not use, and of no other', () => {
    expect(whyNotSimulated(root('docker'), [store('layerdb', true)])).toBeNull()
    expect(whyNotSimulated(root('docker'), [store('graph', true), store('layerdb', false)])).toBeNull()
    expect(whyNotSimulated(root('containers-storage'), [store('containers-storage', true)])).toContain(
      "podman's",
    )
    expect(whyNotSimulated(root('containerd'), [store('containerd', true)])).toContain("containerd's own")
    const moby = { ...store('containerd', true), namespace: 'moby' }
    expect(whyNotSimulated(root('docker'), [store('layerdb', false), moby])).toBeNull()
    expect(whyNotSimulated(root('docker'), [store('layerdb', null)])).toContain('cannot be told')
  })
})
