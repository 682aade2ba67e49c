import type { BoltBucket } from '../../formats/bolt.ts'
import type { EntryKind } from '../../tree/tree.ts'
import { readDatabaseAgain } from '../database.ts'
import type { Source } from '../source.ts'

/** A file or directory that a row asks for and a listing does not show. */
export interface Missing {
  readonly path: string
  readonly kind: EntryKind
}

/**
 * Those that are still gone and still recorded once both are looked at again. A containerd at work removes rows before
 * their files and writes them after, and the rows and the listing were not of one moment.
 */
export function stillMissing<T extends Missing>(
  source: Source,
  database: string,
  missing: readonly T[],
  isRecorded: (root: BoltBucket, each: T) => boolean,
): T[] {
  const gone = missing.filter((each) => isGone(source, each))
  const again = gone.length === 0 ? null : readDatabaseAgain(source, database)
  return again === null ? [] : gone.filter((each) => isRecorded(again, each) && isGone(source, each))
}

/** False where it cannot be seen, which is a finding of its own. */
function isGone(source: Source, { path, kind }: Missing): boolean {
  const stat = source.stat(path)
  return stat === null ? source.isMissing(path) : stat.kind !== kind
}
