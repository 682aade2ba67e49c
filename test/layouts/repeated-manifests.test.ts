import { afterEach, describe, expect, it } from 'vitest'
import { ContentSpec } from '../support/containerd-root.ts'
import { dockerOnContainerd } from '../support/docker-on-containerd.ts'
import { reportOf } from '../support/scan-fixture.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const dispose of cleanups.splice(0)) dispose()
})

const content = new ContentSpec()
const platform = content.image(['base'])
const about = content.image(['attested'])
const index = content.index([platform.target, platform.target], [about.target, about.target, about.target])
const [layer = ''] = platform.chain
const bytesOf = (digests: readonly string[]): number =>
  digests.reduce((sum, digest) => sum + (content.get(digest)?.length ?? 0), 0)

/** The image of an index that names one manifest for two platforms, and one attestation three times. */
function imageBy(version: number, engine: 'of 26' | 'of 28') {
  const { root, dispose } = dockerOnContainerd(
    {
      content,
      version,
      namespaces: {
        moby: { images: { 'docker.io/library/twice:1': index }, snapshots: { [layer]: { usage: 8192 } } },
      },
    },
    engine === 'of 26' ? { ['c'.repeat(64)]: { image: index, manifest: platform.target } } : {},
  )
  cleanups.push(dispose)
  const report = reportOf(root)
  return { rule: report.engineView?.rule, view: report.engineView?.images, ...report.images[0] }
}

describe('a manifest that an index names more than once', () => {
  it('counts as often with docker 28, attestations too', () => {
    const { rule, size, view } = imageBy(4, 'of 28')
    const once = bytesOf(platform.blobs) + 8192
    expect(rule).toBe('28')
    expect(size).toMatchObject({ engine: 2 * once + 3 * bytesOf(about.blobs), shared: 2 * 8192 })
    expect(view?.size).toBe(8192 + bytesOf([index, ...platform.blobs, ...about.blobs]))
  })

  it('counts once with docker 26, attestations not at all', () => {
    const { rule, size } = imageBy(3, 'of 26')
    expect(rule).toBe('26')
    expect(size).toMatchObject({ engine: bytesOf(platform.blobs) + 8192, shared: 0 })
  })
})
