import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { copyOfFixture, type FixtureName, fixtureRoot } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'
import { scratch } from '../tree/scratch.ts'

const CODE = 'image-records-missing'
const cleanups: (() => void)[] = []
afterEach(() => {
  for (const dispose of cleanups.splice(0)) dispose()
})

/** A copy of a root without some of its parts. */
function without(name: FixtureName, ...parts: readonly string[]): string {
  const { root, dispose } = copyOfFixture(name)
  cleanups.push(dispose)
  for (const part of parts) rmSync(join(root, part), { recursive: true })
  return root
}

const findingsOf = (root: string) => reportOf(root).findings.filter(({ code }) => code === CODE)

describe('records of images that are gone while their layers lie there', () => {
  const lost: readonly (readonly [name: FixtureName, part: string, home: string])[] = [
    ['overlay2-buildkit', 'image/overlay2', 'overlay2'],
    ['overlay-layerdb', 'image/overlay', 'overlay'],
    ['vfs-layerdb', 'image/vfs', 'vfs/dir'],
    ['legacy-aufs', 'graph', 'aufs/diff'],
  ]
  it.each(lost)('are missed in %s without %s', (name, part, home) => {
    const root = without(name, part)
    const report = reportOf(root)
    const [finding, ...others] = report.findings.filter(({ code }) => code === CODE)
    const directories = readdirSync(join(root, home), { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && entry.name !== 'l',
    )
    expect(others).toEqual([])
    expect(finding).toMatchObject({ severity: 'error', path: part })
    expect(finding?.message).toContain(`the ${directories.length} directories in ${home} are`)
    expect(finding?.hint).toContain(`Do not delete ${home}`)
    expect(report.complete).toBe(false)
    // Nobody is told to throw away what may be all that is left.
    expect(report.orphans.map(({ path }) => path).filter((path) => home.startsWith(path))).toEqual([])
  })

  it('are missed without any container, too, and where image/ is left empty', () => {
    const root = without('overlay2-buildkit', 'image/overlay2', 'containers')
    expect(findingsOf(root)).toMatchObject([{ path: 'image/overlay2' }])
    mkdirSync(join(root, 'image/overlay2'))
    expect(findingsOf(root)).toMatchObject([{ path: 'image/overlay2' }])
  })

  it('are not called gone where they cannot be read', () => {
    const root = without('overlay2-buildkit', 'image/overlay2')
    writeFileSync(join(root, 'image/overlay2'), 'no directory')
    const codes = reportOf(root).findings.map(({ code }) => code)
    expect(codes).toContain('not-a-regular-file')
    expect(codes).not.toContain(CODE)
  })
})

describe('directories of a driver that may never have had a record of docker', () => {
  const whole: readonly FixtureName[] = [
    ...(['legacy-aufs', 'legacy-vfs', 'overlay2-buildkit', 'overlay-layerdb', 'vfs-layerdb'] as const),
    ...(['podman-overlay', 'podman-vfs', 'containerd', 'docker-containerd'] as const),
  ]
  it.each(whole)('are not spoken of in %s, where nothing is lost', (name) => {
    expect(findingsOf(fixtureRoot(name))).toEqual([])
  })

  /** A root with directories of these names where overlay2 keeps its layers. */
  function rootWith(names: readonly string[], files: readonly string[] = []): string {
    const root = scratch()
    for (const directory of ['volumes', 'overlay2/l', ...names.map((name) => `overlay2/${name}/diff`)])
      mkdirSync(join(root, directory), { recursive: true })
    for (const file of files) writeFileSync(join(root, file), '')
    return root
  }
  const layer = 'a'.repeat(64)
  const buildkits = 'k3h5w9x0q7m2n4p6r8s1t5v7z'

  it('such as an empty one, one of BuildKit alone, and those of a container that left its layers', () => {
    expect(findingsOf(rootWith([]))).toEqual([])
    expect(findingsOf(rootWith([buildkits]))).toEqual([])
    expect(findingsOf(rootWith([layer, `${layer}-init`]))).toEqual([])
    expect(findingsOf(rootWith([layer, buildkits]))).toHaveLength(1)
  })

  it("such as podman's, whose own records are lost", () => {
    expect(findingsOf(rootWith([layer], ['storage.lock']))).toEqual([])
    expect(findingsOf(without('podman-vfs', ...podmansRecords('podman-vfs')))).toEqual([])
  })

  it('such as those of a driver that is not in use beside one that is', () => {
    const root = without('vfs-layerdb')
    mkdirSync(join(root, `overlay2/${layer}/diff`), { recursive: true })
    expect(findingsOf(root)).toEqual([])
  })

  it("such as what a docker had before it went over to containerd's images", () => {
    expect(findingsOf(without('docker-containerd', 'image'))).toEqual([])
    expect(findingsOf(without('docker-containerd', 'image', 'containerd'))).toEqual([])
  })

  it('such as volumes of old engines among the layers of vfs', () => {
    expect(findingsOf(without('legacy-vfs', 'graph', 'volumes'))).toEqual([])
  })
})

const podmansRecords = (name: FixtureName): string[] =>
  readdirSync(fixtureRoot(name)).filter((entry) => /-(images|layers|containers)$/.test(entry))
