import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { BOLT_STATE } from '../../src/layouts/containers-storage/places.ts'
import { whyNoEngineView } from '../../src/report/df.ts'
import type { Report } from '../../src/report/schema.ts'
import { copyOfFixture, type FixtureName } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const dispose of cleanups.splice(0)) dispose()
})

/** The report of a copy after something was done to it. */
function changed(name: FixtureName, change: (root: string) => void): Report {
  const { root, dispose } = copyOfFixture(name)
  cleanups.push(dispose)
  change(root)
  return reportOf(root)
}

const missed = ({ findings }: Report): (string | null)[] =>
  findings.flatMap(({ code, path }) => (code === 'records-missing' ? [path] : []))

const gone = (file: string) => (root: string) => rmSync(join(root, file))
const holding = (file: string, content: string) => (root: string) => writeFileSync(join(root, file), content)

const LAYERS = 'overlay-layers/layers.json'
const IMAGES = 'overlay-images/images.json'
const CONTAINERS = 'overlay-containers/containers.json'
const OVERLAYFS = 'io.containerd.snapshotter.v1.overlayfs/metadata.db'
const META = 'io.containerd.metadata.v1.bolt/meta.db'
const DOCKERS = 'containerd/daemon'

describe('a record file that is gone while other records, or data, show that there was one', () => {
  it.each([
    ['podman-overlay', LAYERS],
    ['podman-overlay', IMAGES],
    ['podman-overlay', CONTAINERS],
    ['podman-overlay', BOLT_STATE],
    ['containerd', META],
    ['containerd', OVERLAYFS],
    ['docker-containerd', `${DOCKERS}/${META}`],
    ['docker-containerd', `${DOCKERS}/${OVERLAYFS}`],
  ] as const)('in %s: %s', (name, file) => {
    const report = changed(name, gone(file))
    expect(missed(report)).toEqual([file])
    expect(report.complete).toBe(false)
    expect(report.orphans.filter(({ kind }) => kind === 'orphan')).toEqual([])
    expect(report.orphans.filter(({ path }) => /overlay\/|\/snapshots\//.test(path))).toEqual([])
    expect(report.engineView).toBeNull()
  })

  it.each([LAYERS, IMAGES, CONTAINERS].flatMap((file) => [[file, '[]'] as const, [file, 'null'] as const]))(
    'as one that lists nothing: %s with %s',
    (file, content) => {
      const report = changed('podman-overlay', holding(file, content))
      expect(missed(report)).toEqual([file])
      expect(report.orphans).toEqual([])
      expect(report.engineView).toBeNull()
    },
  )

  it('is what a summary that nobody can know is refused with', () => {
    const report = changed('podman-overlay', gone(LAYERS))
    const [root] = report.roots
    expect(root && whyNoEngineView(report, root)).toContain(`is unknown: ${LAYERS}`)
  })

  it('is missed by the directories alone where all record files went', () => {
    const report = changed('podman-overlay', (root) => {
      for (const file of [LAYERS, IMAGES, CONTAINERS, BOLT_STATE]) rmSync(join(root, file))
    })
    expect(missed(report)).toEqual([BOLT_STATE, IMAGES, LAYERS])
    expect(report.orphans).toEqual([])
  })

  it('is missed where buildah’s containers, of which podman’s database knows nothing, left their directories', () => {
    const report = changed('podman-overlay', (root) => {
      rmSync(join(root, BOLT_STATE))
      rmSync(join(root, 'volumes'), { recursive: true })
      rmSync(join(root, CONTAINERS))
    })
    expect(missed(report)).toEqual([CONTAINERS])
    expect(report.orphans).toEqual([])
  })
})

describe('a store in which nothing was ever made', () => {
  const fresh = (name: FixtureName, ...keep: readonly string[]): Report =>
    changed(name, (root) => {
      rmSync(root, { recursive: true })
      for (const path of keep) mkdirSync(join(root, path), { recursive: true })
    })

  it('misses no records', () => {
    const podman = fresh(
      'podman-overlay',
      'overlay-layers',
      'overlay-images',
      'overlay-containers',
      'overlay/l',
    )
    expect([podman.findings, podman.orphans, podman.complete]).toEqual([[], [], true])
    const containerd = fresh(
      'containerd',
      'io.containerd.metadata.v1.bolt',
      'io.containerd.content.v1.content/blobs/sha256',
      'io.containerd.snapshotter.v1.overlayfs/snapshots',
    )
    expect([containerd.findings, containerd.orphans, containerd.complete]).toEqual([[], [], true])
  })

  it('misses none after everything in it was removed, nor where only CRI-O makes containers', () => {
    const emptied = changed('podman-overlay', (root) => {
      for (const path of [
        'overlay',
        'overlay-layers',
        'overlay-images',
        'overlay-containers',
        'volumes',
        'libpod',
      ])
        rmSync(join(root, path), { recursive: true })
      for (const file of [LAYERS, IMAGES, CONTAINERS]) {
        mkdirSync(join(root, file, '..'), { recursive: true })
        writeFileSync(join(root, file), '[]')
      }
    })
    expect(missed(emptied)).toEqual([])
    const crio = changed('podman-overlay', (root) => {
      rmSync(join(root, BOLT_STATE))
      rmSync(join(root, 'volumes'), { recursive: true })
      const records: { metadata?: string }[] = JSON.parse(readFileSync(join(root, CONTAINERS), 'utf8'))
      const ofPod = records.map((record) => ({
        ...record,
        metadata: JSON.stringify({ name: 'k8s_app', 'pod-id': 'p', 'image-name': 'i' }),
      }))
      writeFileSync(join(root, CONTAINERS), JSON.stringify(ofPod))
    })
    expect(missed(crio)).toEqual([])
  })
})
