import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DOCKER_BASE } from '../../src/layouts/containerd/places.ts'
import { type ContainerdSpec, writeContainerd } from './containerd-root.ts'
import { removeTree } from './restore-fixtures.ts'

/** A container as docker's own directory tells of it. */
export interface DockerContainerSpec {
  readonly name?: string
  /** The target of its image, and what the user typed. */
  readonly image: string
  readonly typed?: string
  /** The manifest that it runs; engines before 25 write none. */
  readonly manifest?: string
}

/** Writes `containers/<id>` as docker 25 to 27 do. */
export function writeDockerContainer(root: string, id: string, spec: DockerContainerSpec): void {
  const { name = id.slice(0, 8), image, typed = image, manifest } = spec
  mkdirSync(join(root, `containers/${id}`), { recursive: true })
  writeFileSync(
    join(root, `containers/${id}/config.v2.json`),
    JSON.stringify({
      ID: id,
      Name: `/${name}`,
      Driver: 'overlayfs',
      Image: image,
      ...(manifest === undefined ? {} : { ImageManifest: { digest: manifest } }),
      Config: { Image: typed },
      State: { StartedAt: '2026-01-01T00:00:00Z' },
      Created: '2026-01-01T00:00:00Z',
    }),
  )
  writeFileSync(join(root, `containers/${id}/hostconfig.json`), '{}')
}

/** A docker root with its images in the containerd that it starts; `dispose` removes it. */
export function dockerOnContainerd(
  spec: ContainerdSpec,
  containers: Readonly<Record<string, DockerContainerSpec>> = {},
): { root: string; dispose: () => void } {
  const host = mkdtempSync(join(tmpdir(), 'layerscope-docker-on-containerd-'))
  const root = join(host, 'docker')
  writeContainerd(root, DOCKER_BASE, spec)
  mkdirSync(join(root, 'rootfs/overlayfs'), { recursive: true })
  writeFileSync(join(root, 'engine-id'), 'x')
  for (const [id, container] of Object.entries(containers)) writeDockerContainer(root, id, container)
  return { root, dispose: () => removeTree(host) }
}
