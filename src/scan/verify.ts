import { createHash, type Hash } from 'node:crypto'
import { closeSync, lstatSync, openSync, readSync } from 'node:fs'
import { bytesOfName, nameOfBytes } from '../formats/byte-name.ts'
import { Crc64 } from '../formats/crc64.ts'
import { readTarSplit, type TarSplitEntry, TarSplitError, type TarSplitFile } from '../formats/tar-split.ts'
import { layerData } from '../layouts/layer-data.ts'
import type { Failure, Source } from '../layouts/source.ts'
import type { Layer, Model, Store } from '../model/model.ts'
import type { VerifyCounts } from '../model/places.ts'
import { atPath } from '../tree/long-path.ts'
import { openToRead } from '../tree/open-to-read.ts'

interface Difference {
  readonly name: string
  readonly what: string
}

const SHOWN = 5
const READ_BYTES = 256 * 1024

/**
 * Holds the files of every layer against the list that was written when the layer was made (tar-split): present, and of
 * the recorded length. With `deep` it also reads them, compares each checksum, and rebuilds the tar whose sha256 is the
 * diff ID. Reports what differs; opens regular files only, and follows no link on the way to them.
 */
export function verifyLayers(
  source: Source,
  model: Model,
  options: { deep: boolean },
  onLayer: (done: number, total: number) => boolean,
): VerifyCounts {
  const counts: VerifyCounts = { layers: 0, files: 0, bytes: 0 }
  const stores = new Map(model.stores.map((store) => [store.id, store]))
  const layers = model.layers.filter(
    (layer) => stores.get(layer.store)?.root === source.root && layer.path !== null,
  )
  for (const [index, layer] of layers.entries()) {
    if (!onLayer(index, layers.length)) break
    const store = stores.get(layer.store)
    if (store !== undefined) verifyLayer(source, store, layer, options, counts)
  }
  return counts
}

function verifyLayer(
  source: Source,
  store: Store,
  layer: Layer,
  { deep }: { deep: boolean },
  counts: VerifyCounts,
): void {
  const { list, files } = layerData(store, layer)
  if (list === null) return
  const stream = source.bytes(list)
  if (!stream.ok) {
    // Only layers that came as a tar have a list in the legacy layout, and none before 1.8.
    if (stream.code !== 'missing') reportUnreadable(source, layer, list, stream)
    return
  }
  if (files === null) return
  counts.layers++
  // A link in the place of the layer, or above it, would lead out of the root.
  const isThere = source.stat(files)?.kind === 'directory'
  const contents = isThere ? new LayerContents(`${source.tree.location}/${files}`) : null
  const check = new LayerCheck(contents, deep, counts)
  try {
    for (const entry of readTarSplit(stream.value)) check.take(entry)
  } catch (error) {
    if (!(error instanceof TarSplitError)) throw error
    source.report({
      code: 'tar-split-damaged',
      subject: { kind: 'layer', id: layer.id },
      path: list,
      message: `The file list of layer ${layer.id}, ${list}, cannot be used: ${error.message}. Containers run, but docker save, push and commit of images on this layer fail.`,
    })
    return
  }
  reportDifferences(source, layer, files, check)
}

const reportUnreadable = (source: Source, layer: Layer, list: string, failure: Failure): void =>
  source.reportFailure(failure, {
    code: 'tar-split-damaged',
    subject: { kind: 'layer', id: layer.id },
    path: list,
    message: `The file list of layer ${layer.id}, ${list}, ${failure.problem}; its files are held against nothing.`,
  })

function reportDifferences(source: Source, layer: Layer, path: string, check: LayerCheck): void {
  const { differences } = check
  const digest = check.digest()
  if (differences.length > 0)
    source.report({
      code: 'layer-content-changed',
      subject: { kind: 'layer', id: layer.id },
      path,
      message: `${differences.length} ${differences.length === 1 ? 'file' : 'files'} of layer ${layer.id} differ from what the layer was made of: ${differences
        .slice(0, SHOWN)
        .map(({ name, what }) => `${name} ${what}`)
        .join(
          '; ',
        )}${differences.length > SHOWN ? '; …' : ''}. Containers see the changed files, and docker save and push of images on it fail ("file integrity checksum failed").`,
      hint: 'Remove the images that use this layer and pull or build them again.',
    })
  else if (digest !== null && layer.diffId !== null && digest !== layer.diffId)
    source.report({
      code: 'layer-content-changed',
      subject: { kind: 'layer', id: layer.id },
      path,
      message: `The tar of layer ${layer.id}, rebuilt from its files, has ${digest}, but its diff ID is ${layer.diffId}.`,
    })
}

class LayerCheck {
  readonly differences: Difference[] = []
  readonly #contents: LayerContents | null
  readonly #counts: VerifyCounts
  readonly #hash: Hash | null

  constructor(contents: LayerContents | null, deep: boolean, counts: VerifyCounts) {
    this.#contents = contents
    this.#hash = deep ? createHash('sha256') : null
    this.#counts = counts
  }

  take(entry: TarSplitEntry): void {
    if (entry.kind === 'segment') this.#hash?.update(entry.payload)
    else if (entry.size > 0) this.#takeFile(entry)
  }

  /** The diff ID of what was taken; null where contents were not read. */
  digest(): string | null {
    return this.#hash === null ? null : `sha256:${this.#hash.digest('hex')}`
  }

  #takeFile(file: TarSplitFile): void {
    this.#counts.files++
    const what = this.#difference(file)
    if (what !== null) this.differences.push({ name: nameOfBytes(file.name), what })
  }

  /** What is wrong with a file, in words; null where nothing is. */
  #difference(file: TarSplitFile): string | null {
    const found = this.#contents?.locate(file.name) ?? null
    if (this.#contents === null || found === null) return 'is missing'
    if (!found.isFile) return 'is no regular file any more'
    if (found.sizeBytes !== file.size) return `has ${found.sizeBytes} bytes instead of ${file.size}`
    if (this.#hash === null) return null
    const crc = new Crc64()
    const read = this.#contents.read(found.path, file.size, (bytes) => {
      this.#hash?.update(bytes)
      crc.update(bytes)
    })
    this.#counts.bytes += read
    if (read !== file.size) return 'could not be read to its end'
    return file.crc === null || file.crc.equals(crc.digest())
      ? null
      : 'has other content (its checksum differs)'
  }
}

/** The files of one layer by the names that its tar gave them, as bytes. */
class LayerContents {
  readonly #top: Buffer
  readonly #directories = new Map<string, boolean>()
  readonly #buffer = Buffer.alloc(READ_BYTES)

  constructor(directory: string) {
    this.#top = bytesOfName(directory)
  }

  /** Null where nothing is there, or the way to it leads over anything but directories. */
  locate(name: Buffer): { path: Buffer; isFile: boolean; sizeBytes: number } | null {
    const parts = name
      .toString('latin1')
      .split('/')
      .filter((part) => part !== '' && part !== '.')
    if (parts.includes('..')) return null
    let path = this.#top
    for (const [index, part] of parts.entries()) {
      if (index > 0 && !this.#isDirectory(path)) return null
      path = Buffer.concat([path, SLASH, Buffer.from(part, 'latin1')])
    }
    const stats = attempt(() => atPath(path, (at) => lstatSync(at, { throwIfNoEntry: false })))
    return stats === undefined || stats === null
      ? null
      : { path, isFile: stats.isFile(), sizeBytes: stats.size }
  }

  /** Passes a file's bytes on in pieces; gives the number read. */
  read(path: Buffer, sizeBytes: number, take: (bytes: Uint8Array) => void): number {
    const file = attempt(() => atPath(path, (at) => openToRead((flags) => openSync(at, flags))))
    if (file === null) return 0
    let total = 0
    try {
      while (total < sizeBytes) {
        const length = readSync(file, this.#buffer, 0, Math.min(READ_BYTES, sizeBytes - total), null)
        if (length === 0) break
        take(this.#buffer.subarray(0, length))
        total += length
      }
    } finally {
      closeSync(file)
    }
    return total
  }

  #isDirectory(path: Buffer): boolean {
    const key = path.toString('latin1')
    const known = this.#directories.get(key)
    if (known !== undefined) return known
    const is = attempt(() => atPath(path, (at) => lstatSync(at)).isDirectory()) ?? false
    this.#directories.set(key, is)
    return is
  }
}

const SLASH = Buffer.from('/')

function attempt<T>(action: () => T): T | null {
  try {
    return action()
  } catch {
    return null
  }
}
