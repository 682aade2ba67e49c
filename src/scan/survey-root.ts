import type { Collector } from '../layouts/collector.ts'
import type { ComparedTree } from '../layouts/docker/compared-trees.ts'
import { layoutOf, type RootLayout } from '../layouts/layouts.ts'
import { Cancelled, type Source } from '../layouts/source.ts'
import type { Claims } from '../model/claims.ts'
import type { Finding } from '../model/findings.ts'
import type { Model } from '../model/model.ts'
import type { Measurement, Survey, VerifyCounts } from '../model/places.ts'
import { ArchiveTree } from '../tree/archive.ts'
import { liesAt } from '../tree/lies-at.ts'
import type { Tree } from '../tree/tree.ts'
import { changedBytes } from './changes.ts'
import { finishMeasure, type MeasureEvents, measureArchive } from './measure.ts'
import { reportProblems } from './measure-problems.ts'
import { mountPoints } from './mounts.ts'
import { findDeletedFiles } from './open-files.ts'
import { type Job, openSource, reportCancelled } from './read-roots.ts'
import { RootWalk } from './root-walk.ts'
import type { ScanEvents, ScanOptions } from './scan-events.ts'
import { type Division, divide } from './survey.ts'
import { verifyLayers } from './verify.ts'

/** Divides a root among its owners and, where asked, measures every part. Null where it was cancelled before that. */
export function survey(
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
  const { claims, strays, unlisted } = division
  const files = openSource(found, job, events)
  const measurement = options.measure ? measure(files, layout, collector, claims, job.walk, events) : null
  const deletedFiles = tree instanceof ArchiveTree ? [] : findDeletedFiles(path, tree.location)
  const verified = options.verify === undefined ? null : verify(files, collector, options.verify, events)
  const mounted = below(tree, points)
  return { root: path, claims, strays, mounted, unlisted, deletedFiles, measurement, verified }
}

export function divideUnlessCancelled(source: Source, layout: RootLayout, model: Model): Division | null {
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
  claims: Claims,
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
