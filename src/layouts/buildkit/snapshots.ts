import type { BoltFile } from '../../formats/bolt.ts'
import { isPlainName, parseDigest } from '../../model/ids.ts'

/** One bucket of `snapshots.db`: what the graph-driver snapshotter knows of a snapshot key. */
interface SnapshotRow {
  readonly size: number | null
  /** The driver id that holds the data of this committed name. */
  readonly committedAs: string | null
  /** Present on a driver id that was committed under another name: the bucket is only an alias. */
  readonly isAlias: boolean
  readonly chainId: string | null
}

/** What a snapshot key stands for. */
export interface ResolvedSnapshot {
  /** The driver's name for the data; null where the text on disk is not a plain name. */
  readonly cacheId: string | null
  /** The text that stands where a driver's name belongs and is no plain name; null where all is well. */
  readonly unsafe: string | null
  readonly chainId: string | null
  readonly size: number | null
}

/** The map of `snapshots.db` from snapshot keys to driver directories and layers. */
export class SnapshotMap {
  readonly #rows = new Map<string, SnapshotRow>()

  constructor(file: BoltFile | null) {
    for (const { key, bucket } of file?.root.entries() ?? []) {
      if (bucket === null) continue
      const text = (name: string): string | null => bucket.get(name)?.toString('utf8') ?? null
      const size = text('size')
      this.#rows.set(key.toString('utf8'), {
        size: size !== null && /^\d{1,15}$/.test(size) ? Number(size) : null,
        committedAs: text('committed'),
        isAlias: bucket.get('iscommitted') !== null,
        chainId: parseDigest(text('chainid') ?? ''),
      })
    }
  }

  /** Follows a key to its data: a layer for `sha256:…`, the directory it was committed as, or one of its own name. */
  resolve(key: string): ResolvedSnapshot {
    const row = this.#rows.get(key)
    const target = row?.committedAs ?? key
    const chainId = row?.chainId ?? this.#rows.get(target)?.chainId ?? parseDigest(key)
    const isDirectory = parseDigest(target) === null
    return {
      cacheId: isDirectory && isPlainName(target) ? target : null,
      unsafe: isDirectory && !isPlainName(target) ? target : null,
      chainId,
      size: row?.size ?? this.#rows.get(target)?.size ?? null,
    }
  }

  /** Every key that stands for data of its own, in file order. */
  *keys(): Iterable<string> {
    for (const [key, row] of this.#rows) if (!row.isAlias) yield key
  }
}
