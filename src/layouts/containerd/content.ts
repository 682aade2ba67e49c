import type { BoltBucket } from '../../formats/bolt.ts'
import { isObject, type JsonObject } from '../../formats/fields.ts'
import { parseJsonBounded } from '../../formats/go-json.ts'
import { sha256Hex } from '../../formats/sha256.ts'
import type { Source } from '../source.ts'
import { blobRows, type NamespaceRows } from './meta.ts'
import { blobPath, type ContainerdPlaces } from './places.ts'
import { type Missing, stillMissing } from './still-missing.ts'

/** Manifests, indexes and configs are far smaller. */
const JSON_LIMIT_BYTES = 16 * 1024 * 1024

interface MissingBlob extends Missing {
  readonly namespace: string
  readonly digest: string
}

/** The content of one namespace. */
export interface NamespaceContent {
  /** Whether the namespace has a record of the blob, and its file is there. */
  has(digest: string): boolean
  recordedBytes(digest: string): number | null
  /** A blob as JSON; null where it is not there or does not hash to its name, which is then a finding. */
  json(digest: string): JsonObject | null
}

/** The blobs that are there, and what the rows of all namespaces say of them. */
export class ContentStore {
  readonly #source: Source
  readonly #places: ContainerdPlaces
  readonly #present = new Map<string, string>()
  readonly #missing: MissingBlob[] = []
  readonly #recorded = new Map<string, number | null>()
  readonly #json = new Map<string, JsonObject | null>()

  /** `isNewest` is false where the rows are those of an older state, which may name what has gone since. */
  constructor(
    source: Source,
    places: ContainerdPlaces,
    namespaces: readonly NamespaceRows[],
    isNewest: boolean,
  ) {
    this.#source = source
    this.#places = places
    for (const algorithm of source.list(places.content))
      if (algorithm.kind === 'directory')
        for (const entry of source.list(`${places.content}/${algorithm.name}`)) {
          const digest = `${algorithm.name}:${entry.name}`
          if (entry.kind === 'file' && blobPath(places, digest) !== null)
            this.#present.set(digest, `${places.content}/${algorithm.name}/${entry.name}`)
        }
    for (const { name, blobs } of namespaces)
      for (const [digest, { sizeBytes }] of blobs) {
        this.#recorded.set(digest, sizeBytes)
        if (isNewest) this.#check(name, digest, sizeBytes)
      }
    this.#reportMissing()
  }

  /** The blobs as a namespace sees them: it has those that its own rows name, whoever else keeps the files. */
  seenBy({ blobs, lost }: NamespaceRows): NamespaceContent {
    // Of one whose file is there the record may be among those that cannot be read.
    const has = (digest: string): boolean => (blobs.has(digest) || lost.blobs) && this.#present.has(digest)
    return {
      has,
      recordedBytes: (digest) => blobs.get(digest)?.sizeBytes ?? null,
      json: (digest) => (has(digest) ? this.#jsonOf(digest) : null),
    }
  }

  /** The digests of the blobs that are there, each with its file. */
  files(): ReadonlyMap<string, string> {
    return this.#present
  }

  recordedBytes(digest: string): number | null {
    return this.#recorded.get(digest) ?? null
  }

  #jsonOf(digest: string): JsonObject | null {
    let value = this.#json.get(digest)
    if (value === undefined) {
      value = this.#readJson(digest)
      this.#json.set(digest, value)
    }
    return value
  }

  #check(namespace: string, digest: string, sizeBytes: number | null): void {
    const path = this.#present.get(digest)
    const expected = path ?? blobPath(this.#places, digest)
    if (expected === null) return
    if (path === undefined) this.#missing.push({ path: expected, kind: 'file', namespace, digest })
    else if (sizeBytes !== null) {
      const stat = this.#source.tree.stat(path)
      if (stat !== null && stat.sizeBytes !== sizeBytes)
        this.#source.report({
          code: 'blob-size-mismatch',
          path,
          message: `The blob ${digest} has ${stat.sizeBytes} bytes where its record says ${sizeBytes}.`,
          hint: 'Remove the images that need it and pull them again.',
        })
    }
  }

  #reportMissing(): void {
    const isRecorded = (root: BoltBucket, { namespace, digest }: MissingBlob): boolean =>
      blobRows(root.bucket('v1')?.bucket(namespace) ?? null)?.bucket(digest) != null
    for (const { path, namespace, digest } of stillMissing(
      this.#source,
      this.#places.meta,
      this.#missing,
      isRecorded,
    ))
      this.#source.report({
        code: 'blob-missing',
        path,
        message: `Namespace ${namespace} has a record of the blob ${digest}, whose file is gone. Images that need it cannot be pushed, nor unpacked again.`,
        hint: 'Pull the image again.',
      })
  }

  #readJson(digest: string): JsonObject | null {
    const path = this.#present.get(digest)
    if (path === undefined) return null
    const content = this.#source.bytes(path, JSON_LIMIT_BYTES)
    const damaged = (problem: string): null => {
      this.#source.report({
        code: 'image-config-damaged',
        path,
        message: `The blob ${digest} ${problem}: what it says of an image is unknown.`,
        hint: 'Pull the image again.',
      })
      return null
    }
    // It may have been removed since the listing, with the image.
    if (!content.ok) return content.code === 'missing' ? null : damaged(content.problem)
    const [algorithm = '', hex] = digest.split(':')
    if (algorithm === 'sha256' && sha256Hex(content.value) !== hex)
      return damaged('was altered: its bytes have another sha256')
    const parsed = parseJsonBounded(content.value.toString('utf8'))
    if (!parsed.ok) return damaged(`is ${parsed.reason}`)
    return isObject(parsed.value) ? parsed.value : damaged('is JSON, but not an object')
  }
}
