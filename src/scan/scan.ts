import { resolve } from 'node:path'
import { createCollector } from '../layouts/collector.ts'
import type { Finding } from '../model/findings.ts'
import type { Model } from '../model/model.ts'
import type { Survey } from '../model/places.ts'
import { ArchiveTree } from '../tree/archive.ts'
import type { Tree } from '../tree/tree.ts'
import { mountPoints } from './mounts.ts'
import { type Job, openRoot, readRoots } from './read-roots.ts'
import { RootWalk } from './root-walk.ts'
import { directoryIdentity } from './same-directory.ts'
import type { ScanEvents, ScanOptions } from './scan-events.ts'
import { settle } from './settle.ts'
import { survey } from './survey-root.ts'

/** All that one scan gives: flat and cheap to clone. */
export interface Scan {
  readonly model: Model
  /** One for each root that was read to its end. */
  readonly surveys: readonly Survey[]
  /** False where reading was cancelled: what the model does not have is then not known. */
  readonly isReadWhole: boolean
}

const SILENT: ScanEvents = { onProgress: () => true, onModel: () => {} }

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

/** Roots that are named twice, by a link and by their own name, or through a bind mount, are read once. */
function eachOnce<T extends { readonly tree: Tree }>(roots: readonly T[]): T[] {
  const identities = roots.map(({ tree }) => directoryIdentity(tree.location) ?? tree.location)
  return roots.filter((_root, index) => identities.indexOf(identities[index] ?? '') === index)
}

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

/** Places that a walk does not enter: mount points, and roots that lie in this one and are measured by themselves. */
const apart = (points: ReadonlySet<string> | null, others: readonly string[]): ReadonlySet<string> | null =>
  points === null && others.length === 0 ? null : new Set([...(points ?? []), ...others])

function runJobs(jobs: readonly Job[], options: ScanOptions, events: ScanEvents): Scan {
  const collector = createCollector()
  const isReadWhole = readRoots(collector, jobs, events)
  let cancelled = !isReadWhole
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
  return { model: collector, surveys: settled, isReadWhole }
}
