import { afterAll, expect, it } from 'vitest'
import { ContentSpec } from '../support/containerd-root.ts'
import { dockerOnContainerd } from '../support/docker-on-containerd.ts'
import { reportOf } from '../support/scan-fixture.ts'

const content = new ContentSpec()
const platform = content.image(['base'])
const [first, second] = [content.index([platform.target]), content.index([platform.target, platform.config])]
const [layer = ''] = platform.chain
const CONTAINER = 'c'.repeat(64)

const { root, dispose } = dockerOnContainerd(
  {
    content,
    version: 3,
    namespaces: {
      moby: {
        images: { 'docker.io/library/a:1': first, 'docker.io/library/b:1': second },
        snapshots: { [layer]: {}, [CONTAINER]: { parent: layer, kind: 'active' } },
      },
    },
  },
  { [CONTAINER]: { image: `sha256:${'0'.repeat(64)}`, manifest: platform.target } },
)
afterAll(dispose)

it('counts a container for every image that names the manifest it runs, though its own index is gone', () => {
  const report = reportOf(root)
  expect(report.images.map(({ containers }) => containers)).toEqual([[CONTAINER], [CONTAINER]])
  expect(report.engineView?.images).toMatchObject({ total: 2, active: 2 })
})
