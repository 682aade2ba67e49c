import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../cli/program.ts'
import { Random } from '../conformance/whatif-engine/random.ts'
import { baseArchive } from './base-image.ts'
import { ContainerdEngine, whyNoContainerd } from './containerd-engine.ts'
import { DockerEngine, whyNoDocker } from './docker-engine.ts'
import { imageArchive } from './image-archive.ts'
import { PodmanEngine, whyNoPodman } from './podman-engine.ts'
import { type Churn, describeLive, SEED, scanWhile } from './scan-while.ts'

/** A busy engine: what it is called, why there is none here, and how one is started on a root of its own. */
interface Busy {
  readonly name: string
  readonly reason: string | null
  start(): Promise<{ engine: DockerEngine | ContainerdEngine | PodmanEngine; churn: Churn }>
}

const BUSY: readonly Busy[] = [
  {
    name: 'docker 20.10, overlay2',
    reason: whyNoDocker(),
    async start() {
      const engine = await DockerEngine.create()
      await engine.start()
      engine.must(['import', '-c', 'CMD ["sleep","1000"]', '-', 'base:1'], {
        input: baseArchive(new Random(SEED)),
      })
      const environment = { DOCKER_HOST: `unix://${engine.home}/socket` }
      return { engine, churn: { script: 'docker.sh', words: [], environment } }
    },
  },
  ...(['directories', 'subvolumes'] as const).map((snapshots) => ({
    name: `containerd 1.6, ${snapshots === 'directories' ? 'overlayfs and native' : 'btrfs'}`,
    reason: whyNoContainerd(snapshots),
    async start() {
      const engine = await ContainerdEngine.create(snapshots, 'collects by itself')
      await engine.start()
      writeArchives(engine.home)
      const environment = { CONTAINERD_ADDRESS: `${engine.home}/socket` }
      return { engine, churn: { script: 'containerd.sh', words: engine.snapshotters, environment } }
    },
  })),
  {
    name: 'podman 4.3, overlay',
    reason: whyNoPodman('overlay'),
    async start() {
      const engine = await PodmanEngine.create('overlay')
      engine.must(['import', '-q', '-', 'localhost/base:1'], baseArchive(new Random(SEED)))
      return { engine, churn: { script: 'podman.sh', words: engine.words, environment: {} } }
    },
  },
]

/** Images of one to six layers, of which those below are shared. */
function writeArchives(home: string): void {
  const random = new Random(SEED)
  const layers = Array.from({ length: 6 }, () => baseArchive(random))
  for (const index of layers.keys())
    writeFileSync(
      join(home, `image${index}.tar`),
      imageArchive(`docker.io/library/image${index}:1`, layers.slice(0, index + 1)),
    )
}

describe('scans of a busy engine', () => {
  let engine: Awaited<ReturnType<Busy['start']>>['engine'] | null = null
  afterEach(async () => {
    await engine?.dispose()
    engine = null
  }, 60_000)

  for (const { name, reason, start } of BUSY)
    it.skipIf(reason !== null)(
      `name nothing in vain: ${name}${reason === null ? '' : ` (skipped: ${reason})`}`,
      { timeout: 3_600_000 },
      async () => {
        ensureBuilt()
        const started = await start()
        engine = started.engine
        const live = await scanWhile(engine.enclosure, engine.root, started.churn)
        console.log(describeLive(name, live))
        expect(live.inVain).toEqual([])
      },
    )
})
