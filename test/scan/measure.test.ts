import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameOfBytes } from '../../src/formats/byte-name.ts'
import type { Claim, Measurement, Tally } from '../../src/model/places.ts'
import { type MeasureEvents, type MeasureProblem, measureRoot } from '../../src/scan/measure.ts'
import { hasVanished } from '../../src/scan/walk.ts'
import { claimsOf } from '../support/claims.ts'
import { makeDeepTree } from '../support/deep-tree.ts'
import { isRoot } from '../support/fixtures.ts'
import { removeTree } from '../support/restore-fixtures.ts'
import { asOrdinaryUser, NOBODY, scratch } from '../tree/scratch.ts'

const claim = (path: string, over: Partial<Claim> = {}): Claim => ({
  path,
  place: 'other',
  owner: null,
  store: null,
  content: false,
  ...over,
})

const TOP = claim('')

const quiet: MeasureEvents = { onProgress: () => true }

function measure(
  root: string,
  claims: readonly Claim[] = [TOP],
  events = quiet,
  mounts: ReadonlySet<string> = new Set(),
): { measurement: Measurement; problems: MeasureProblem[] } {
  return measureRoot(root, claimsOf(claims), mounts, events)
}

const firstNumber = (text: string): number => Number.parseInt(text, 10)

const duBytes = (root: string): number => firstNumber(execFileSync('du', ['-sxB1', root]).toString())

const duInodes = (root: string): number =>
  firstNumber(execFileSync('du', ['-sx', '--inodes', root]).toString())

interface Found {
  readonly path: string
  readonly inode: string
  readonly isDirectory: boolean
  readonly sizeBytes: number
  readonly diskBytes: number
}

/** Every entry below a root as find(1) sees it; names are kept byte for byte as Latin-1. */
function find(root: string): Found[] {
  return execFileSync('find', [root, '-xdev', '-printf', '%P\\0%i\\0%y\\0%s\\0%b\\0'])
    .toString('latin1')
    .split('\0')
    .slice(0, -1)
    .reduce<string[][]>((rows, field, index) => {
      if (index % 5 === 0) rows.push([])
      rows.at(-1)?.push(field)
      return rows
    }, [])
    .map(([path = '', inode = '', kind, size, blocks]) => ({
      path,
      inode,
      isDirectory: kind === 'd',
      sizeBytes: Number(size),
      diskBytes: Number(blocks) * 512,
    }))
}

/** The tallies by the plain rule: the longest claim on a path has it, an inode's blocks go to the first of its holders. */
function expectedTallies(root: string, claims: readonly Claim[]): Tally[] {
  const tallies = claims.map(() => ({ contentBytes: 0, diskBytes: 0, files: 0 }))
  const holders = new Map<string, { found: Found; claims: Set<number> }>()
  for (const found of find(root)) {
    const owner = claims.reduce((best, { path }, index) => {
      const covers = path === '' || found.path === path || found.path.startsWith(`${path}/`)
      return covers && path.length >= (claims[best]?.path.length ?? 0) ? index : best
    }, 0)
    const known = holders.get(found.inode) ?? { found, claims: new Set() }
    known.claims.add(owner)
    holders.set(found.inode, known)
  }
  for (const { found, claims: owners } of holders.values()) {
    for (const owner of owners) {
      const tally = tallies[owner]
      if (tally !== undefined && !found.isDirectory) tally.contentBytes += found.sizeBytes
    }
    const first = tallies[Math.min(...owners)]
    if (first === undefined) continue
    first.diskBytes += found.diskBytes
    first.files += 1
  }
  return tallies
}

const NAMES = ['a', 'b', 'c d', 'line\nbreak', 'bad\xff', '\x1b[2J', 'x\xc3\xa9'].map((name) =>
  Buffer.from(name, 'latin1'),
)

const DIRECTORIES = ['', 'a', 'b', 'a/b', 'a/b/deep', 'other']

const treePlan = fc.array(
  fc.record({
    directory: fc.constantFrom(...DIRECTORIES),
    name: fc.nat({ max: NAMES.length - 1 }),
    kind: fc.constantFrom('file', 'sparse', 'symlink', 'link', 'directory'),
    sizeBytes: fc.constantFrom(0, 1, 4095, 4097, 70_000),
    target: fc.nat(),
  }),
  { maxLength: 40 },
)

type TreePlan = ReturnType<typeof treePlan.generate>['value']

/** Makes what a plan says as far as it can be made; a name that is taken is passed over. */
function makeTree(root: string, plan: TreePlan): void {
  const files: Buffer[] = []
  for (const directory of DIRECTORIES) mkdirSync(join(root, directory), { recursive: true })
  for (const { directory, name, kind, sizeBytes, target } of plan) {
    const path = Buffer.concat([Buffer.from(`${root}/${directory}/n-`), NAMES[name] ?? Buffer.from('n')])
    try {
      if (kind === 'directory') mkdirSync(path)
      else if (kind === 'symlink') symlinkSync('target'.repeat(sizeBytes % 20), path)
      else if (kind === 'link') linkSync(files[target % files.length] ?? '', path)
      else {
        const file = openSync(path, 'wx')
        if (kind === 'sparse') ftruncateSync(file, sizeBytes * 1000)
        else writeSync(file, Buffer.alloc(sizeBytes, 'x'))
        files.push(path)
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error
    }
  }
}

describe('measureRoot on generated trees', () => {
  it('books every inode once, to the longest claim on its path, and sums to what du counts', () => {
    const claimed = fc.shuffledSubarray(DIRECTORIES.filter((path) => path !== ''))
    fc.assert(
      fc.property(treePlan, claimed, (plan, paths) => {
        const root = scratchIn()
        try {
          makeTree(root, plan)
          const claims = [TOP, ...paths.map((path) => claim(path))]
          const { measurement, problems } = measure(root, claims)
          expect(problems).toEqual([])
          expect(measurement.complete && measurement.exact).toBe(true)
          expect([...measurement.tallies]).toEqual(expectedTallies(root, claims))
          const sum = (key: 'diskBytes' | 'files'): number =>
            [...measurement.tallies].reduce((total, tally) => total + tally[key], 0)
          expect(sum('diskBytes')).toBe(duBytes(root))
          expect(sum('files')).toBe(duInodes(root))
        } finally {
          removeTree(root)
        }
      }),
      { numRuns: 40 },
    )
  })
})

const scratchIn = (): string =>
  execFileSync('mktemp', ['-d', '-t', 'layerscope-test-XXXXXX']).toString().trim()

/** Writes files below a root, making their directories. */
function writeAll(root: string, files: Readonly<Record<string, number>>): void {
  for (const [path, sizeBytes] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), Buffer.alloc(sizeBytes, 'x'))
  }
}

describe('measureRoot', () => {
  it('gives the blocks of a hard link to the claim listed first, whatever the order of the walk', () => {
    const root = scratch()
    const places = Array.from({ length: 12 }, (_, index) => `layer-${index}`)
    writeAll(root, { [`${places[7]}/file`]: 100_000 })
    for (const place of places) {
      mkdirSync(join(root, place), { recursive: true })
      if (place !== places[7]) linkSync(join(root, `${places[7]}/file`), join(root, place, 'file'))
    }
    for (const first of [3, 9]) {
      const ordered = [`layer-${first}`, ...places.filter((place) => place !== `layer-${first}`)]
      const { tallies } = measure(root, [TOP, ...ordered.map((path) => claim(path))]).measurement
      const [, winner, ...others] = tallies
      expect(winner?.diskBytes).toBeGreaterThan(100_000)
      expect(winner?.files).toBe(2)
      for (const other of others) expect(other).toMatchObject({ contentBytes: 100_000, files: 1 })
    }
  })

  it('counts sparse files by their blocks on the disk and by their length as content', () => {
    const root = scratch()
    const file = openSync(join(root, 'sparse'), 'w')
    writeSync(file, 'x')
    ftruncateSync(file, 1_000_000_000)
    const [tally] = measure(root).measurement.tallies
    expect(tally?.contentBytes).toBe(1_000_000_000)
    expect(tally?.diskBytes).toBeLessThan(1_000_000)
    expect(tally?.diskBytes).toBe(duBytes(root))
  })

  it('walks a thousand levels', () => {
    const root = scratch()
    const deepest = 'd/'.repeat(1000)
    writeAll(root, { [`${deepest}file`]: 5 })
    const { measurement } = measure(root, [TOP, claim(deepest.slice(0, -1))])
    expect([...measurement.tallies].map((tally) => tally.files)).toEqual([1000, 2])
    expect(measurement.tallies.at(1)?.contentBytes).toBe(5)
  })

  it('measures what lies deeper than the longest path that the system takes', () => {
    const root = scratch()
    writeAll(root, { claimed: 5 })
    makeDeepTree(root, 60)
    const claims = [TOP, claim('claimed')]
    const { measurement, problems } = measure(root, claims)
    expect(problems).toEqual([])
    expect(measurement.complete).toBe(true)
    const [rest, claimed] = measurement.tallies
    expect(claimed).toMatchObject({ files: 1 })
    expect((rest?.files ?? 0) + 1).toBe(duInodes(root))
    expect((rest?.diskBytes ?? 0) + (claimed?.diskBytes ?? 0)).toBe(duBytes(root))
  })

  it('walks names that are not UTF-8 by their bytes', () => {
    const root = scratch()
    for (const byte of [0xfe, 0xff]) {
      const directory = Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([byte])])
      mkdirSync(directory)
      writeFileSync(Buffer.concat([directory, Buffer.from('/file')]), 'four')
    }
    const { measurement, problems } = measure(root)
    expect(problems).toEqual([])
    expect([...measurement.tallies]).toEqual([{ contentBytes: 8, diskBytes: duBytes(root), files: 5 }])
  })

  it('books names that are not UTF-8 to the claim of the same bytes, directories and files', () => {
    const top = Buffer.from(`${scratch()}/`)
    const root = Buffer.concat([top, Buffer.from([0x72, 0xff])])
    const at = (...name: number[]): Buffer => Buffer.concat([root, Buffer.from('/'), Buffer.from(name)])
    mkdirSync(root)
    for (const [byte, length] of [
      [0xfe, 1000],
      [0xff, 20],
    ] as const) {
      mkdirSync(at(byte))
      writeFileSync(Buffer.concat([at(byte), Buffer.from('/file')]), 'x'.repeat(length))
      writeFileSync(at(0x66, byte), 'x'.repeat(length + 1))
    }
    const claims = ['\udcfe', '\udcff', 'f\udcfe', 'f\udcff'].map((path) => claim(path))
    const { measurement, problems } = measure(nameOfBytes(root), [TOP, ...claims])
    expect(problems).toEqual([])
    expect([...measurement.tallies].map(({ contentBytes, files }) => [contentBytes, files])).toEqual([
      [0, 1],
      [1000, 2],
      [20, 2],
      [1001, 1],
      [21, 1],
    ])
  })

  it('enters no mount point and does not count it', () => {
    const root = scratch()
    writeAll(root, { 'kept/file': 1, 'merged/file': 1 })
    const { measurement } = measure(root, [TOP], quiet, new Set([join(root, 'merged')]))
    expect(measurement.tallies.at(0)).toMatchObject({ contentBytes: 1, files: 3 })
    expect(measurement.complete).toBe(true)
  })

  it('says which directories it may not enter, counts them, and goes on', () => {
    const root = scratch()
    writeAll(root, { 'a/file': 1, 'closed/file': 1, 'listed/file': 1, 'z/file': 1 })
    chmodSync(join(root, 'closed'), 0o000)
    chmodSync(join(root, 'listed'), 0o444)
    const { measurement, problems } = asOrdinaryUser(() => measure(root))
    expect(problems.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      { path: 'closed', code: 'EACCES' },
      { path: 'listed/file', code: 'EACCES' },
    ])
    expect(measurement.complete).toBe(false)
    const asNobody = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
    const du = (...options: string[]): number =>
      firstNumber(spawnSync('du', ['-sx', ...options, root], { ...asNobody, encoding: 'utf8' }).stdout)
    expect(measurement.tallies.at(0)?.diskBytes).toBe(du('-B1'))
    expect(measurement.tallies.at(0)?.files).toBe(du('--inodes'))
  })

  it('notes what vanishes under it, without calling itself incomplete', () => {
    const root = scratch()
    const parts = ['a', 'b', 'c', 'd']
    for (const part of parts) {
      mkdirSync(join(root, part))
      for (let index = 0; index < 1500; index++) writeFileSync(join(root, part, String(index)), '')
    }
    let calls = 0
    const events: MeasureEvents = {
      onProgress() {
        if (calls++ === 0) for (const part of parts) rmSync(join(root, part), { recursive: true })
        return true
      },
    }
    const { measurement, problems } = measure(root, [TOP], events)
    expect(calls).toBeGreaterThan(0)
    expect(problems.length).toBeGreaterThan(2)
    expect(problems.every(hasVanished)).toBe(true)
    expect(measurement.complete).toBe(true)
  })

  it('stops when it is told to, and says that it is not complete', () => {
    const root = scratch()
    for (let index = 0; index < 5000; index++) writeFileSync(join(root, String(index)), '')
    const seen: number[] = []
    const { measurement } = measure(root, [TOP], {
      onProgress(inodes) {
        seen.push(inodes)
        return false
      },
    })
    expect(seen).toHaveLength(1)
    expect(measurement.complete).toBe(false)
    expect(measurement.tallies.at(0)?.files).toBe(seen[0])
  })

  it('gives nothing for a root that is gone', () => {
    const { measurement } = measure(join(scratch(), 'gone'))
    expect([...measurement.tallies]).toEqual([{ contentBytes: 0, diskBytes: 0, files: 0 }])
  })
})
