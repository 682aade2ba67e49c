import { afterAll, expect, it } from 'vitest'
import { ContentSpec } from '../support/containerd-root.ts'
import { dockerOnContainerd } from '../support/docker-on-containerd.ts'
import { reportOf } from '../support/scan-fixture.ts'

const content = new ContentSpec()
const windows = content.image(['files of windows'], {}, 'windows')
const linux = content.image(['files of linux'])
const index = content.index([windows.target, linux.target])
const [ofWindows = ''] = windows.chain
const [ofLinux = ''] = linux.chain

const { root, dispose } = dockerOnContainerd({
  content,
  namespaces: {
    moby: {
      images: { 'docker.io/library/both:1': index },
      snapshots: { [ofWindows]: {}, [ofLinux]: {} },
    },
  },
})
afterAll(dispose)

it('shows an image that is unpacked for two systems as that of this one, whichever comes first', () => {
  const [image] = reportOf(root).images
  const isWindows = process.platform === 'win32'
  expect([image?.os, image?.layers]).toEqual(isWindows ? ['windows', [ofWindows]] : ['linux', [ofLinux]])
})
