import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../cli/program.ts'
import { Random } from '../conformance/whatif-engine/random.ts'
import { baseArchive } from './base-image.ts'
import { type DockerDriver, DockerEngine, whyNoDocker } from './docker-engine.ts'
import { reportOf } from './questions.ts'

const DRIVERS: readonly DockerDriver[] = ['overlay2', 'vfs']

/** Holds a file that it made, one that it opened to write, one of a volume, and one of its image, and deletes them. */
const HOLDER = `
head -c 20000 /dev/zero >/read; exec 3</read; rm /read
exec 4>/written; head -c 30000 /dev/zero >&4; rm /written
head -c 40000 /dev/zero >/v/held; exec 5</v/held; rm /v/held
exec 6</seed; rm /seed
touch /ready; exec sleep 100000`

for (const driver of DRIVERS) {
  const reason = whyNoDocker(driver)
  describe.skipIf(reason !== null)(`docker with ${driver}`, { timeout: 120_000 }, () => {
    let engine: DockerEngine
    beforeAll(async () => {
      ensureBuilt()
      engine = await DockerEngine.create(driver)
      await engine.start()
      engine.must(['import', '-', 'base'], { input: baseArchive(new Random(1)) })
    }, 120_000)
    afterAll(async () => {
      await engine?.dispose()
    }, 60_000)

    it('finds the deleted files that a container holds open', () => {
      const id = engine
        .must(['run', '-d', '--network', 'none', '-v', 'data:/v', 'base', 'sh', '-c', HOLDER])
        .trim()
      engine.must(['exec', id, 'sh', '-c', 'while [ ! -e /ready ]; do true; done'])
      const report = reportOf(engine)
      const layer = report.containers[0]?.layerPath
      const files = driver === 'overlay2' ? `${layer}/diff` : layer
      const found = report.deletedFiles.map(({ path, size, processes }) => [
        path,
        size.content,
        processes.map(({ command, container }) => [command, container]),
      ])
      const holder = [['sleep', id]]
      const expected = [
        ['volumes/data/_data/held', 40_000, holder],
        [`${files}/written`, 30_000, holder],
        [`${files}/read`, 20_000, holder],
      ]
      // With vfs the container has a copy of its image's files, which is deleted too.
      if (driver === 'vfs') expected.push([`${files}/seed`, expect.any(Number), holder])
      expect(found).toEqual(expected)
    })
  })
}
