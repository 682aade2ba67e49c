import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Random } from '../conformance/whatif-engine/random.ts'
import { baseArchive, oddArchive } from './base-image.ts'
import type { ContainerdEngine } from './containerd-engine.ts'
import { deepArchive, imageArchive } from './image-archive.ts'

const MAKE_OCI = fileURLToPath(new URL('../../scripts/fixtures/make-oci.mjs', import.meta.url))

/** Two namespaces that share blobs, with images, snapshots and containers of every kind on each snapshotter. */
export function fillContainerd(engine: ContainerdEngine, random: Random): void {
  const archive = (name: string, content: Buffer): string => {
    const path = join(engine.home, name)
    writeFileSync(path, content)
    return path
  }
  const base = imageArchive('docker.io/library/base:1', [baseArchive(random), oddArchive()])
  const files = {
    base: archive('base.tar', base),
    deep: archive('deep.tar', deepArchive('docker.io/library/deep:1', 60, random)),
    gone: archive('gone.tar', deepArchive('docker.io/library/gone:1', 5, random)),
    multi: join(engine.home, 'multi.tar'),
  }
  const platforms = 'linux/amd64,linux/arm64'
  execFileSync(process.execPath, [
    ...[
      MAKE_OCI,
      files.multi,
      '/bin/true',
      'registry.example.com:5000/team/multi:2',
      platforms,
      'base',
      'multi',
    ],
  ])
  for (const namespace of ['default', 'k8s.io'])
    for (const snapshotter of engine.snapshotters)
      fillNamespace(engine, random, { namespace, snapshotter, files })
}

interface Where {
  readonly namespace: string
  readonly snapshotter: string
  readonly files: {
    readonly base: string
    readonly deep: string
    readonly gone: string
    readonly multi: string
  }
}

function fillNamespace(
  engine: ContainerdEngine,
  random: Random,
  { namespace, snapshotter, files }: Where,
): void {
  const ctr = (...args: string[]): string => engine.must(['-n', namespace, ...args])
  const on = ['--snapshotter', snapshotter]
  ctr('image', 'import', ...on, files.base)
  ctr('image', 'import', ...on, '--all-platforms', files.multi)
  if (snapshotter === engine.snapshotters[0]) {
    ctr('image', 'import', ...on, files.deep)
    ctr('image', 'import', ...on, files.gone)
    ctr('image', 'import', '--no-unpack', files.gone)
    ctr('image', 'tag', 'docker.io/library/base:1', 'docker.io/library/base:latest')
    ctr('image', 'label', 'docker.io/library/base:1', 'some.label=managed')
    ctr('image', 'rm', '--sync', 'docker.io/library/gone:1')
  }
  ctr('container', 'create', ...on, 'docker.io/library/base:1', `idle-${snapshotter}`)
  const script = `head -c ${1 + random.below(90_000)} /dev/zero >/own; rm -r /odd; mkdir /odd; sleep 100000`
  ctr(
    'run',
    '-d',
    '--null-io',
    ...on,
    'docker.io/library/base:1',
    `running-${snapshotter}`,
    '/bin/sh',
    '-c',
    script,
  )
  const [parent = ''] = ctr('snapshot', ...on, 'ls')
    .split('\n')
    .filter((line) => line.includes('Committed'))
  const [key = ''] = parent.split(/\s+/)
  hold(engine, ['-n', namespace, 'snapshot', ...on], 'prepare', `loose-${snapshotter}`, key)
  hold(engine, ['-n', namespace, 'snapshot', ...on], 'view', `view-${snapshotter}`, key)
}

/** Makes a snapshot that a label holds. Until it has that, the collector may take it away. */
function hold(engine: ContainerdEngine, words: string[], how: string, key: string, parent: string): void {
  const made = (): boolean => {
    engine.must([...words, how, key, parent])
    return engine.ctr([...words, 'label', key, 'containerd.io/gc.root=held']).status === 0
  }
  if (!made() && !made()) throw new Error(`${key} was collected twice`)
}
