import { realpathSync, statfsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Collector, createCollector } from '../layouts/collector.ts'
import type { NamespaceStore } from '../layouts/containerd/read-containerd.ts'
import type { ComparedTree } from '../layouts/docker/compared-trees.ts'
import { layoutOf, type RootLayout, UnknownLayout } from '../layouts/layouts.ts'
import { Cancelled, Source } from '../layouts/source.ts'
import type { Finding } from '../model/findings.ts'
import type { FileSystem, Model } from '../model/model.ts'
import type { Claim, Measurement, Survey, VerifyCounts } from '../model/places.ts'
import { ArchiveTree } from '../tree/archive.ts'
import { liesAt } from '../tree/lies-at.ts'
import { LocalTree } from '../tree/local.ts'
import { type Tree, TreeError } from '../tree/tree.ts'
import { changedBytes } from './changes.ts'
import { LockTable } from './locks.ts'
import { finishMeasure, type MeasureEvents, type MeasureProblem, measureArchive } from './measure.ts'
import { mountPoints } from './mounts.ts'
import { findDeletedFiles } from './open-files.ts'
import { RootWalk } from './root-walk.ts'
import { keepOfLayersThatLast, keepWhatLasts, needsSecondLook } from './second-look.ts'
import { type Division, divide } from './survey.ts'
import { verifyLayers } from './verify.ts'

/** What a scan does beyond reading the records. */
export interface ScanOptions {
  readonly measure: boolean
  /** Holds the files of each layer against the list made with it; `deep` reads them too. */
  readonly verify?: 'lists' | 'deep'
}

export interface ScanProgress {
  readonly phase: 'reading' | 'measuring' | 'verifying'
  readonly root: string
  readonly files: number
  readonly diskBytes: number
}

export interface ScanEvents {
  /** Returns false to cancel; what was read until then is the result. */
  onProgress(progress: ScanProgress): boolean
  /** The recorded facts, before anything is measured. */
  onModel(model: Model): void
}

/** All that one scan gives: flat and cheap to clone. */
export interface Scan {
  readonly model: Model
  /** One for each root that was read to its end. */
  readonly surveys: readonly Survey[]
}

/** A root that nothing could be read of, with the sentence that says why. */
export class RootError extends Error {
  readonly hint: string | null

  constructor(message: string, hint: string | null) {
    super(message)
    this.hint = hint
  }
}

const SILENT: ScanEvents = { onProgress: () => true, onModel: () => {} }
const REPORT_EVERY_FILES = 128
// A root of so many records is worth a second thread, which walks while the rest of them are read.
const FILES_WORTH_A_HELPER = 256
/** At least this long lies between two looks at a root on which an engine works. */
const APART_MS = 300

/** A root to read. */
interface Job {
  readonly tree: Tree
  readonly path: string
  /** Null where nothing is to be measured, or the tree is an archive. */
  readonly walk: RootWalk | null
}

/**
 * Reads the roots one after the other and, where asked, measures them: one plain synchronous function.
 * Throws RootError where a root cannot be read at all.
 */
export function scan(roots: readonly string[], options: ScanOptions, events: ScanEvents = SILENT): Scan {
  return scanTrees(
    eachOnce(roots.map((root) => ({ tree: openRoot(root, !options.measure), path: resolve(root) }))),
    options,
    events,
  )
}

/** Roots that are named twice, or by a link and by their own name, are read once. */
const eachOnce = <T extends { readonly tree: Tree }>(roots: readonly T[]): T[] =>
  roots.filter(
    ({ tree }, index) => roots.findIndex((other) => other.tree.location === tree.location) === index,
  )

/** The same for trees that are open already, such as archives. */
export function scanTrees(
  roots: readonly { tree: Tree; path: string }[],
  options: ScanOptions,
  events: ScanEvents = SILENT,
): Scan {
  const jobs = roots.map((root): Job => {
    const measures = options.measure && !(root.tree instanceof ArchiveTree)
    const others = roots.filter((each) => each !== root).map(({ tree }) => tree.location)
    const walk = measures ? new RootWalk(root.tree.location, apart(mountPoints(), others)) : null
    return { ...root, walk }
  })
  try {
    return runJobs(jobs, options, events)
  } finally {
    for (const { walk } of jobs) walk?.abandon()
  }
}

function runJobs(jobs: readonly Job[], options: ScanOptions, events: ScanEvents): Scan {
  const collector = createCollector()
  let cancelled = !readRoots(collector, jobs, events)
  const readAtMs = Date.now()
  const order = jobs.map(({ path }) => path)
  collector.roots.sort((a, b) => order.indexOf(a.path) - order.indexOf(b.path))
  events.onModel(collector)
  const surveys: Survey[] = []
  // What the files say is kept apart: no second reading of the records says it again.
  const found: Finding[] = []
  for (const job of jobs) {
    if (cancelled) break
    const result = survey(collector, found, job, options, events)
    if (result === null) break
    surveys.push(result)
    cancelled = result.measurement?.cancelled === true
  }
  const settled = cancelled ? surveys : settle(collector, found, surveys, jobs, readAtMs, events)
  collector.findings.push(...found)
  return { model: collector, surveys: settled }
}

/** Reads the roots into the collector, each after those that it needs; false where the scan was cancelled meanwhile. */
function readRoots(collector: Collector, jobs: readonly Job[], events: ScanEvents): boolean {
  const neighbours: NamespaceStore[] = []
  return [...jobs]
    .sort((a, b) => Number(isReadLast(a)) - Number(isReadLast(b)))
    .every((job) => readRoot(collector, job, neighbours, events))
}

/** Where engines are at work, reads the records once more, and says only what is said both times. */
function settle(
  collector: Collector,
  found: Finding[],
  surveys: readonly Survey[],
  jobs: readonly Job[],
  readAtMs: number,
  events: ScanEvents,
): readonly Survey[] {
  const doubtful = surveys.filter((each) =>
    needsSecondLook({ model: collector, strays: each.strays }, found, each.root),
  )
  if (doubtful.length === 0) return surveys
  const wait = APART_MS - (Date.now() - readAtMs)
  if (wait > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait)
  const second = createCollector()
  if (!readRoots(second, jobs, events)) return surveys
  keepOfLayersThatLast(found, second)
  return surveys.map((survey) => {
    const job = jobs.find(({ path }) => path === survey.root)
    if (job === undefined || !doubtful.includes(survey)) return survey
    const again = openSource(second.findings, job, events)
    const division = divideUnlessCancelled(again, layoutOf(again), second)
    const source = openSource(collector.findings, job, events)
    return division === null
      ? survey
      : keepWhatLasts(collector, survey, { model: second, strays: division.strays }, source)
  })
}

/** Where something is measured, the second thread walks, and reading ahead gains nothing. */
function openRoot(root: string, readsAhead = false): Tree {
  const path = resolve(root)
  try {
    // Only the root itself may be reached through a link: its owner named it.
    return new LocalTree(realpathSync(path), { readsAhead })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    const hint = 'Name a data root with --root DIR.'
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new RootError(`There is no directory ${path}.`, hint)
    if (code === 'EACCES' || code === 'EPERM') throw denied(path)
    throw new RootError(`${path} cannot be read: ${code || String(error)}.`, hint)
  }
}

/** Whether a root can be opened and listed at all, and is one that is known here. */
export function canRead(root: string): boolean {
  try {
    layoutOf(new Source(openRoot(root), root, [], { onFile: () => true }))
    return true
  } catch {
    return false
  }
}

const denied = (path: string): RootError =>
  new RootError(
    `${path} cannot be read: permission denied.`,
    'Engines keep their data readable for root only. Run layerscope with sudo.',
  )

function openSource(findings: Finding[], { tree, path, walk }: Job, events: ScanEvents): Source {
  const locks = tree instanceof ArchiveTree ? new LockTable(null) : LockTable.read()
  return new Source(tree, path, findings, {
    isLocked: (file) => (liesAt(tree, file, 'file') ? locks.isLocked(`${tree.location}/${file}`) : null),
    onFile(count) {
      if (count === FILES_WORTH_A_HELPER) walk?.beginAside()
      return (
        count % REPORT_EVERY_FILES !== 0 ||
        events.onProgress({ phase: 'reading', root: path, files: count, diskBytes: 0 })
      )
    },
  })
}

function isReadLast({ tree, path }: { tree: Tree; path: string }): boolean {
  try {
    return layoutOf(new Source(tree, path, [], { onFile: () => true })).readLast
  } catch {
    // It fails again, and is told of, when it is read.
    return false
  }
}

/** Reads one root into the collector; false where the scan was cancelled meanwhile. */
function readRoot(collector: Collector, job: Job, neighbours: NamespaceStore[], events: ScanEvents): boolean {
  const { tree, path } = job
  const source = openSource(collector.findings, job, events)
  try {
    layoutOf(source).read(source, collector, fileSystemOf(tree), neighbours)
    return true
  } catch (error) {
    if (error instanceof Cancelled) {
      reportCancelled(source)
      return false
    }
    if (error instanceof TreeError && error.path === '') {
      if (error.code === 'denied') throw denied(path)
      throw new RootError(`${path} ${error.message}.`, 'Name a data root with --root DIR.')
    }
    if (error instanceof UnknownLayout)
      throw new RootError(
        error.isEmpty ? `${path} is empty: no engine has written here yet.` : `${path} ${error.message}.`,
        'A Docker data root has directories such as image, containers, volumes and overlay2; name it with --root DIR.',
      )
    throw error
  }
}

const reportCancelled = (source: Source): void =>
  source.report({
    code: 'scan-cancelled',
    message: `The scan of ${source.root} was cancelled; what was read until then is shown.`,
  })

/** Divides a root among its owners and, where asked, measures every part. Null where it was cancelled before that. */
function survey(
  collector: Collector,
  found: Finding[],
  job: Job,
  options: ScanOptions,
  events: ScanEvents,
): Survey | null {
  const { tree, path } = job
  const source = openSource(collector.findings, job, events)
  const layout = layoutOf(source)
  const points = mountPoints()
  const division = divideUnlessCancelled(source, layout, collector)
  if (division === null) return null
  const { claims, strays } = division
  const files = openSource(found, job, events)
  const measurement = options.measure ? measure(files, layout, collector, claims, job.walk, events) : null
  const deletedFiles = tree instanceof ArchiveTree ? [] : findDeletedFiles(path, tree.location)
  const verified = options.verify === undefined ? null : verify(files, collector, options.verify, events)
  return { root: path, claims, strays, mounted: below(tree, points), deletedFiles, measurement, verified }
}

/** Places that a walk does not enter: mount points, and roots that lie in this one and are measured by themselves. */
const apart = (points: ReadonlySet<string> | null, others: readonly string[]): ReadonlySet<string> | null =>
  points === null && others.length === 0 ? null : new Set([...(points ?? []), ...others])

function divideUnlessCancelled(source: Source, layout: RootLayout, model: Model): Division | null {
  try {
    return divide(source, layout, model, Date.now())
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error
    reportCancelled(source)
    return null
  }
}

/** The mount points below a tree, relative to it. */
const below = (tree: Tree, points: ReadonlySet<string> | null): string[] | null =>
  points === null || tree instanceof ArchiveTree
    ? null
    : [...points]
        .filter((point) => point.startsWith(`${tree.location}/`))
        .map((point) => point.slice(tree.location.length + 1))

function measure(
  source: Source,
  layout: RootLayout,
  model: Model,
  claims: readonly Claim[],
  walk: RootWalk | null,
  events: ScanEvents,
): Measurement {
  const { tree, root } = source
  const progress: MeasureEvents = {
    onProgress: (files, diskBytes) => events.onProgress({ phase: 'measuring', root, files, diskBytes }),
  }
  const { measurement, problems } =
    tree instanceof ArchiveTree
      ? measureArchive(tree, claims, progress)
      : finishMeasure(walk ?? new RootWalk(tree.location, mountPoints()), claims, progress)
  reportProblems(source, problems)
  if (measurement.cancelled) reportCancelled(source)
  return tree instanceof ArchiveTree
    ? measurement
    : { ...measurement, changedBytes: compareTrees(tree, layout.comparedTrees(model, root)) }
}

function verify(source: Source, model: Model, how: 'lists' | 'deep', events: ScanEvents): VerifyCounts {
  return verifyLayers(source, model, { deep: how === 'deep' }, (files) =>
    events.onProgress({ phase: 'verifying', root: source.root, files, diskBytes: 0 }),
  )
}

function compareTrees(tree: Tree, compared: readonly ComparedTree[]): Map<string, number> {
  const changed = new Map<string, number>()
  for (const { directory, tree: upper, below: lowers, counts } of compared) {
    if (![upper, ...lowers].every((path) => liesAt(tree, path, 'directory'))) continue
    const bytes = changedBytes(
      `${tree.location}/${upper}`,
      lowers.map((lower) => `${tree.location}/${lower}`),
      counts,
    )
    if (bytes !== null) changed.set(directory, bytes)
  }
  return changed
}

function reportProblems(source: Source, problems: readonly MeasureProblem[]): void {
  const denied = problems.filter((problem) => problem.denied)
  for (const { path } of denied)
    source.report({
      code: 'unreadable',
      path,
      message: `${path} cannot be entered; what it holds is not in the measured sizes.`,
      hint: 'Run layerscope as root (sudo) to read all of it.',
    })
  const vanished = problems.length - denied.length
  if (vanished > 0)
    source.report({
      code: 'changed-during-scan',
      message: `${vanished} ${vanished === 1 ? 'entry' : 'entries'} vanished while ${source.root} was measured; something is at work there.`,
    })
}

function fileSystemOf(tree: Tree): FileSystem | null {
  if (tree instanceof ArchiveTree) return null
  try {
    const stats = statfsSync(tree.location)
    return {
      totalBytes: stats.blocks * stats.bsize,
      availableBytes: stats.bavail * stats.bsize,
      freeBytes: stats.bfree * stats.bsize,
      totalInodes: stats.files,
      freeInodes: stats.ffree,
    }
  } catch {
    return null
  }
}
