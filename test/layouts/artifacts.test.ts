import { afterEach, describe, expect, it } from 'vitest'
import { createCatalog } from '../../src/analysis/catalog.ts'
import { createGround } from '../../src/analysis/whatif/ground.ts'
import { scan } from '../../src/scan/scan.ts'
import { ContentSpec } from '../support/containerd-root.ts'
import { dockerOnContainerd } from '../support/docker-on-containerd.ts'
import { reportOf } from '../support/scan-fixture.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const dispose of cleanups.splice(0)) dispose()
})

const content = new ContentSpec()
const image = content.image(['base'])
const blob = content.put('a chart')
const config = content.put({})
const artifact = content.put({
  schemaVersion: 2,
  config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: config },
  layers: [{ mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', digest: blob }],
})

/** A root of docker's, 26 with a container that it wrote. */
function rootBy(engine: 26 | 28): string {
  const { root, dispose } = dockerOnContainerd(
    {
      content,
      version: engine === 26 ? 3 : 4,
      namespaces: {
        moby: {
          images: { 'docker.io/library/chart:1': artifact, 'docker.io/library/image:1': image.target },
          snapshots: { [image.chain[0] ?? '']: {} },
        },
      },
    },
    engine === 26 ? { ['c'.repeat(64)]: { image: image.target, manifest: image.target } } : {},
  )
  cleanups.push(dispose)
  return root
}

describe('an image of no platform', () => {
  it('has its bare digest with docker 28', () => {
    const report = reportOf(rootBy(28))
    const images = report.engineView?.images
    expect(report.engineView).toMatchObject({ rule: '28', images: { total: 2, active: 0 } })
    // It has minus one container: docker takes it off what can be reclaimed, as if it were in use.
    const own = report.images.find(({ id }) => id === artifact)?.size.unique ?? Number.NaN
    expect(images?.reclaimable).toBe((images?.size ?? 0) - own)
    expect(report.images.find(({ id }) => id === artifact)).toMatchObject({
      loaded: true,
      tags: ['chart:1'],
      digests: [artifact],
    })
  })

  it('is not listed by docker 26, which prunes it all the same', () => {
    const root = rootBy(26)
    const report = reportOf(root)
    expect(report.engineView).toMatchObject({ rule: '26', images: { total: 1 } })
    expect(report.images.find(({ id }) => id === artifact)?.loaded).toBe(false)
    const { model, surveys } = scan([root], { measure: false })
    const known = createGround(createCatalog(model, surveys), root)?.images
    expect([...(known?.keys() ?? [])].sort()).toEqual([artifact, image.target].sort())
  })
})
