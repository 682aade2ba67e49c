import type { Claims } from '../model/claims.ts'
import type { Measurement } from '../model/places.ts'
import type { ArchiveTree } from '../tree/archive.ts'
import { bookToClaims, type Walked } from './book.ts'
import { archiveReader } from './reader.ts'
import { RootWalk } from './root-walk.ts'
import { hasVanished, type MeasureEvents, type MeasureProblem, Walk } from './walk.ts'

export type { MeasureEvents, MeasureProblem } from './walk.ts'

/** What a walk gives: the tallies, and the entries that could not be counted. */
export interface Measured {
  readonly measurement: Measurement
  readonly problems: MeasureProblem[]
}

/**
 * Walks a root once and books every inode to the deepest claim on its path. Follows no link, enters no mount point,
 * opens no file. Names that are not UTF-8 are walked by their bytes. `mounts` is null where the kernel does not say.
 */
export const measureRoot = (
  location: string,
  claims: Claims,
  mounts: ReadonlySet<string> | null,
  events: MeasureEvents,
): Measured => finishMeasure(new RootWalk(location, mounts), claims, events)

/** The same for a walk that may have begun already. */
export const finishMeasure = (walk: RootWalk, claims: Claims, events: MeasureEvents): Measured =>
  book(walk.finish(events), claims)

/** The same for an archive. It records lengths, not blocks: disk bytes are estimated in blocks of 4 KiB. */
export function measureArchive(archive: ArchiveTree, claims: Claims, events: MeasureEvents): Measured {
  const reader = archiveReader(archive)
  const walk = new Walk(reader, '', new Set(), events)
  walk.begin()
  while (walk.step());
  const { sums, problems, stopped } = walk
  return book({ reader, location: '', sums, problems, stopped }, claims)
}

function book(walked: Walked, claims: Claims): Measured {
  const tallies = bookToClaims(walked, claims)
  const { problems, stopped } = walked
  return {
    measurement: {
      tallies,
      changedBytes: new Map(),
      complete: !stopped && problems.every(hasVanished),
      cancelled: stopped,
      exact: walked.reader.exact,
    },
    problems,
  }
}
