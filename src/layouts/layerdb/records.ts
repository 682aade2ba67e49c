import { join } from 'node:path/posix'
import { type Digest, digestFromHex, isPlainName, parseDigest } from '../../model/ids.ts'
import type { RecordFiles } from '../../tree/read-batch.ts'
import type { Entry } from '../../tree/tree.ts'
import type { Read, Source } from '../source.ts'

/** One directory of `layerdb/sha256`, as its files say. */
export interface LayerRecord {
  readonly id: string
  readonly parent: string | null
  readonly diffId: string | null
  readonly cacheId: string | null
  readonly recordedBytes: number | null
  /** The length of its list of files; null where there is none, or it cannot be seen. */
  readonly tarSplitBytes: number | null
  /** Every file that the engine needs was there and well-formed. */
  readonly intact: boolean
}

/** A deletion that began: the record was renamed, the driver's directory may still be there. */
export interface RemovingRecord {
  readonly name: string
  readonly cacheId: string | null
}

/** The list of a layer's files, packed. */
export const TAR_SPLIT = 'tar-split.json.gz'
const LAYER_FILES = ['diff', 'parent', 'size', 'cache-id']
const REMOVING = /^[a-f0-9]{64}-[a-f0-9]{64}-removing$/

/** The small files of `layerdb/sha256/<layer>`. */
export const layerFiles = (layerdb: string, entries: readonly Entry[]): RecordFiles => ({
  home: `${layerdb}/sha256`,
  names: entries.filter(({ kind }) => kind === 'directory').map(({ name }) => name),
  texts: LAYER_FILES,
  lengths: [TAR_SPLIT],
})

/** Reads the entries of `layerdb/sha256`: the layers, and those whose deletion began. */
export function readLayerRecords(
  source: Source,
  layerdb: string,
  driverHome: string,
  entries: readonly Entry[],
): { layers: LayerRecord[]; removing: RemovingRecord[] } {
  const layers: LayerRecord[] = []
  const removing: RemovingRecord[] = []
  const ids = new Map<string, Digest>(
    entries.flatMap(({ name }) => digestFromHex(name) ?? []).map((id) => [id, inOnePiece(id)]),
  )
  for (const entry of entries) {
    const path = `${layerdb}/sha256/${entry.name}`
    const id = ids.get(`sha256:${entry.name}`) ?? null
    if (id !== null && entry.kind === 'directory')
      layers.push(readLayerRecord(source, path, id, { driverHome, ids }))
    else if (REMOVING.test(entry.name) && entry.kind === 'directory') {
      const cacheId = source.text(`${path}/cache-id`)
      const name = cacheId.ok ? cacheId.value.trim() : ''
      removing.push({ name: entry.name, cacheId: isPlainName(name) ? name : null })
    } else if (id !== null)
      source.report({
        code: 'not-a-regular-file',
        subject: { kind: 'layer', id },
        path,
        message: `The record of layer ${id} is a ${entry.kind}, not a directory; the layer cannot be read.`,
      })
  }
  return { layers, removing }
}

/** Of a string that is joined from others those stay in memory too. */
const inOnePiece = (id: Digest): Digest => Buffer.from(id).toString('latin1') as Digest

function readLayerRecord(
  source: Source,
  path: string,
  id: Digest,
  { driverHome, ids }: { driverHome: string; ids: ReadonlyMap<string, Digest> },
): LayerRecord {
  const subject = { kind: 'layer', id } as const
  let intact = true
  const damaged = (file: string, problem: string): null => {
    intact = false
    source.report({
      code: 'layer-damaged',
      subject,
      path: `${path}/${file}`,
      message: `The file ${file} of layer ${id} ${problem}. The engine does not load this layer, any layer above it, or an image that uses it.`,
      hint: 'Pull or build the image again under another name; a pull that ends in the same layer fails while this record is there.',
    })
    return null
  }
  const contentOf = (file: string, content: Read<string> | undefined, required: boolean): string | null => {
    if (content?.ok) return content.value
    if (content === undefined || content.code === 'missing')
      return required ? damaged(file, 'is missing') : null
    intact = false
    source.reportFailure(content, {
      code: 'layer-damaged',
      subject,
      path: `${path}/${file}`,
      message: `The file ${file} of layer ${id} ${content.problem}. The layer is incomplete in this report.`,
    })
    return null
  }
  const digestOf = (file: string, content: string | null): Digest | null =>
    content === null
      ? null
      : (parseDigest(content.trim()) ?? damaged(file, describeContent(content, 'a sha256 digest')))

  const [diff, parent, size, cacheId] = source.texts(path, LAYER_FILES)
  const diffId = digestOf('diff', contentOf('diff', diff, true))
  const parentId = digestOf('parent', contentOf('parent', parent, false))
  const length = contentOf('size', size, true)
  const cache = contentOf('cache-id', cacheId, true)
  let recordedBytes: number | null = null
  // dockerd reads this file without trimming: a newline makes it reject the layer.
  if (length !== null)
    recordedBytes = /^\d{1,15}$/.test(length)
      ? Number(length)
      : damaged('size', describeContent(length, 'a number'))
  return {
    id,
    // One string for one id takes less memory, and is found in a map at a glance.
    parent: parentId === null ? null : (ids.get(parentId) ?? parentId),
    diffId,
    cacheId: cache === null ? null : checkedCacheId(source, cache.trim(), { path, id, driverHome, damaged }),
    recordedBytes,
    tarSplitBytes: source.lengthOf(path, TAR_SPLIT),
    intact,
  }
}

function checkedCacheId(
  source: Source,
  cacheId: string,
  at: { path: string; id: string; driverHome: string; damaged: (file: string, problem: string) => null },
): string | null {
  if (cacheId === '' || /^\0+$/.test(cacheId))
    return at.damaged('cache-id', describeContent(cacheId, 'a name'))
  if (isPlainName(cacheId)) return cacheId
  // dockerd loads such a layer like any other.
  reportUnsafeName(source, {
    path: `${at.path}/cache-id`,
    subject: { kind: 'layer', id: at.id },
    says: cacheId,
    driverHome: at.driverHome,
    removedBy: 'docker rmi, docker image prune or docker system prune',
  })
  return null
}

/** Reports a driver id that would lead an engine out of its own directory, and what would then be deleted. */
export function reportUnsafeName(
  source: Source,
  at: {
    path: string
    subject: { kind: 'layer' | 'container' | 'cache-record'; id: string }
    says: string
    driverHome: string
    removedBy: string
  },
): void {
  const target = join(source.root, at.driverHome, at.says.replaceAll('\0', ''))
  source.report({
    code: 'unsafe-name',
    subject: at.subject,
    path: at.path,
    message: `${at.path} says ${JSON.stringify(at.says)} where a plain directory name belongs. An engine that joins it to a path, as dockerd 20.10 does, would delete ${target} of this host when it removes this ${at.subject.kind} (${at.removedBy}).`,
    hint: 'Run no prune and no removal on this root before this file is repaired.',
  })
}

/** Words for a small file whose content is not what belongs there. */
export function describeContent(content: string, wanted: string): string {
  if (content === '') return 'is empty'
  if (/^\0+$/.test(content))
    return 'is filled with NUL bytes, as a power loss or a full disk leaves files behind'
  return `does not hold ${wanted}: ${JSON.stringify(content.length > 80 ? `${content.slice(0, 80)}…` : content)}`
}
