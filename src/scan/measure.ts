import type { Claim, Measurement } from '../model/places.ts'
import type { ArchiveTree } from '../tree/archive.ts'
import { buildClaimTrie } from './claim-trie.ts'
import { drainWithHelper } from './parallel.ts'
import { archiveReader, LOCAL } from './reader.ts'
import { bookLinked, type MeasureEvents, type MeasureProblem, Walk } from './walk.ts'

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
export function measureRoot(
  location: string,
  claims: readonly Claim[],
  mounts: ReadonlySet<string> | null,
  events: MeasureEvents,
): Measured {
  const walk = new Walk(LOCAL, location, claims.length, mounts, events)
  const trie = buildClaimTrie(claims.map((claim) => claim.path))
  drainWithHelper(walk, location, walk.begin(location, trie), { claims, mounts, events })
  return finish(walk)
}

/** The same for an archive. It records lengths, not blocks: disk bytes are estimated in blocks of 4 KiB. */
export function measureArchive(
  archive: ArchiveTree,
  claims: readonly Claim[],
  events: MeasureEvents,
): Measured {
  const walk = new Walk(archiveReader(archive), '', claims.length, new Set(), events)
  for (const directory of walk.begin('', buildClaimTrie(claims.map((claim) => claim.path))))
    walk.drain(directory)
  return finish(walk)
}

function finish(walk: Walk): Measured {
  bookLinked(walk.tallies, walk.linked.values())
  return {
    measurement: {
      tallies: walk.tallies,
      changedBytes: new Map(),
      complete: !walk.stopped && walk.problems.every((problem) => !problem.denied),
      cancelled: walk.stopped,
      exact: walk.exact,
    },
    problems: walk.problems,
  }
}
