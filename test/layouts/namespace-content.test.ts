import { afterAll, describe, expect, it } from 'vitest'
import { ContentSpec } from '../support/containerd-root.ts'
import { dockerOnContainerd } from '../support/docker-on-containerd.ts'
import { reportOf } from '../support/scan-fixture.ts'

const content = new ContentSpec()
const here = content.image(['base', 'here'])
const elsewhere = content.image(['base', 'elsewhere'])
const index = content.index([here.target, elsewhere.target])
const [base = '', top = ''] = here.chain
const [, otherTop = ''] = elsewhere.chain
const own = [index, ...here.blobs]

const labelled = (digests: readonly string[]) =>
  Object.fromEntries(digests.map((digest) => [digest, content.labels[digest] ?? {}]))

const { root, dispose } = dockerOnContainerd({
  content,
  namespaces: {
    default: {
      images: { 'docker.io/library/all:1': index },
      blobs: labelled([...own, ...elsewhere.blobs]),
      snapshots: { [base]: {}, [top]: { parent: base }, [otherTop]: { parent: base } },
    },
    moby: {
      images: { 'docker.io/library/all:1': index },
      blobs: labelled(own),
      snapshots: { [base]: { usage: 8192 }, [top]: { parent: base } },
    },
  },
})
afterAll(dispose)

const report = reportOf(root)
const bytesOf = (digests: readonly string[]): number =>
  digests.reduce((sum, digest) => sum + (content.get(digest)?.length ?? 0), 0)

describe('a blob that lies there for another namespace', () => {
  const image = report.images.find(({ store }) => store.includes('moby:moby'))

  it('is none of an image here: of its manifest nothing is known', () => {
    expect(image?.size.engine).toBe(bytesOf(here.blobs) + 8192 + 4096)
    expect(image?.size.shared).toBe(0)
  })

  it('is in no figure of docker', () => {
    // Another image's snapshots are no part of docker's namespace either.
    expect(report.engineView?.images.size).toBe(8192 + 4096 + bytesOf(own))
  })

  it('is an image’s where its own namespace names it', () => {
    const other = report.images.find(({ store }) => store.includes('default'))
    expect(other?.size.disk ?? 0).toBeGreaterThan(image?.size.disk ?? 0)
  })
})
