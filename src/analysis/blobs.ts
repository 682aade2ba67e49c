import type { Blob, Image, Model } from '../model/model.ts'

/** The blobs of a root by digest: its stores share them. */
export class RootBlobs {
  readonly #blobs = new Map<string, Blob>()
  readonly #users = new Map<string, Set<string>>()

  constructor(model: Model, root: string) {
    for (const blob of model.blobs) if (blob.root === root) this.#blobs.set(blob.digest, blob)
    if (this.#blobs.size === 0) return
    const stores = new Set(model.stores.filter((store) => store.root === root).map(({ id }) => id))
    for (const image of model.images) {
      if (!stores.has(image.store)) continue
      for (const digest of image.blobs ?? []) {
        const users = this.#users.get(digest) ?? new Set()
        users.add(keyOf(image))
        this.#users.set(digest, users)
      }
    }
  }

  /** The blobs that an image uses, each once. */
  of(image: Image): Blob[] {
    return [...new Set(image.blobs)].flatMap((digest) => this.#blobs.get(digest) ?? [])
  }

  /** The files of the blobs that an image uses. */
  pathsOf(image: Image): string[] {
    return (image.blobs ?? []).flatMap((digest) => this.#blobs.get(digest)?.path ?? [])
  }

  /** The files of those that no other image of the root uses. */
  pathsOfAlone(image: Image): string[] {
    return (image.blobs ?? [])
      .filter((digest) => this.#users.get(digest)?.size === 1)
      .flatMap((digest) => this.#blobs.get(digest)?.path ?? [])
  }

  /** The recorded bytes of those that other images of the root use as well. */
  sharedBytes(image: Image): number {
    return (image.blobs ?? []).reduce(
      (sum, digest) =>
        (this.#users.get(digest)?.size ?? 0) > 1 ? sum + (this.#blobs.get(digest)?.recordedBytes ?? 0) : sum,
      0,
    )
  }
}

const keyOf = (image: Image): string => `${image.store}\0${image.id}`
