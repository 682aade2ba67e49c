import type { BoltBucket } from '../../formats/bolt.ts'
import { uvarint, varint } from '../../formats/varint.ts'
import { readDatabase, walkAll } from '../database.ts'
import type { Source } from '../source.ts'
import { children, isDamaged } from './meta.ts'
import { snapshotDirectory, snapshotterPath } from './places.ts'
import { type SnapshotKind, snapshotterKind } from './snapshotter-kinds.ts'
import { type Missing, stillMissing } from './still-missing.ts'

/** A snapshot as its snapshotter knows it. */
export interface SnapshotData {
  readonly id: number
  readonly kind: SnapshotKind
  /** Blocks × 512 of everything in it, counted when it was committed; null for those that are still written to. */
  readonly usageBytes: number | null
  /** The directory of its data, where it is there. */
  readonly path: string | null
}

export interface Snapshotter {
  readonly name: string
  readonly path: string
  /** By the name that a namespace's row has for it; null where the database cannot be read. */
  readonly snapshots: ReadonlyMap<string, SnapshotData> | null
  /** False where a row of its database may be there that cannot be read. */
  readonly isWhole: boolean
}

/** Reads one snapshotter's own database, and which of its directories are there. */
export function readSnapshotter(source: Source, base: string, name: string): Snapshotter {
  const path = snapshotterPath(base, name)
  const { homes, files, viewsAreParents } = snapshotterKind(name)
  const isOpaque = files === null
  const present = new Set(
    homes.flatMap((home) => source.list(`${path}/${home}`).map((entry) => `${path}/${home}/${entry.name}`)),
  )
  const database = readDatabase(
    source,
    `${path}/metadata.db`,
    `which directory of ${name} holds which snapshot is`,
  )
  if (database === null) return { name, path, snapshots: null, isWhole: false }
  const snapshots = new Map<string, SnapshotData>()
  const missing: MissingSnapshot[] = []
  for (const [key, row] of children(snapshotRows(database.file.root))) {
    const id = uvarint(row.get('id') ?? Buffer.alloc(0))
    if (id === null) continue
    const usage = row.get('size')
    const kind = KINDS[row.get('kind')?.[0] ?? 0] ?? 'active'
    const directory = snapshotDirectory(path, id, kind)
    // The row may have come after the listing.
    const isThere = present.has(directory) || (!isOpaque && source.stat(directory)?.kind === 'directory')
    snapshots.set(key, {
      id,
      kind,
      usageBytes: usage === null ? null : varint(usage),
      path: isThere ? directory : null,
    })
    const isItsParent = viewsAreParents && kind === 'view' && row.get('parent') !== null
    if (!isThere && !isItsParent) missing.push({ path: directory, kind: 'directory', key, id })
  }
  if (!isOpaque && !database.file.usedOlderMeta) reportMissing(source, `${path}/metadata.db`, missing)
  const isWhole = !isDamaged(database.file.damage, ['v1', 'snapshots'])
  walkAll(database.file.root)
  database.reportDamage()
  return { name, path, snapshots, isWhole }
}

const KINDS: readonly (SnapshotKind | undefined)[] = [undefined, 'view', 'active', 'committed']

interface MissingSnapshot extends Missing {
  readonly key: string
  readonly id: number
}

function reportMissing(source: Source, database: string, missing: readonly MissingSnapshot[]): void {
  const isRecorded = (root: BoltBucket, { key, id }: MissingSnapshot): boolean => {
    const recorded = snapshotRows(root)?.bucket(key)?.get('id') ?? null
    return recorded !== null && uvarint(recorded) === id
  }
  for (const { path, key } of stillMissing(source, database, missing, isRecorded))
    source.report({
      code: 'snapshot-data-missing',
      subject: { kind: 'layer', id: keyOf(key) },
      path,
      message: `The files of snapshot ${keyOf(key)} are gone: ${path} does not exist. Images on it cannot be run.`,
      hint: 'Remove the images that use it and pull them again.',
    })
}

const snapshotRows = (root: BoltBucket): BoltBucket | null => root.bucket('v1')?.bucket('snapshots') ?? null

/** `<namespace>/<number>/<key>` gives the key. */
export const keyOf = (name: string): string => /^[^/]*\/\d+\/(.*)$/s.exec(name)?.[1] ?? name
