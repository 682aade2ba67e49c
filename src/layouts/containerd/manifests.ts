import { isObject, type JsonObject, list, record, text, textMap } from '../../formats/fields.ts'
import type { ChainArithmetic } from '../layerdb/chains.ts'
import { readDiffIds } from '../oci-config.ts'
import type { NamespaceContent } from './content.ts'

/** One manifest of an image: what one platform runs, or an attestation about another. */
export interface PlatformManifest {
  readonly digest: string
  readonly isAttestation: boolean
  /** False where it has layers of which none is a file system's: an artifact that is kept as an image is. */
  readonly isRunnable: boolean
  /** How often the indexes name it: one manifest may serve several platforms. */
  readonly times: number
  readonly config: JsonObject
  readonly hasConfig: boolean
  /** The manifest, its config and its layers, each as often as it is named and as far as it is there. */
  readonly blobs: readonly string[]
  /** The compressed layers as it names them, there or not. */
  readonly layerBlobs: readonly string[]
  readonly diffIds: readonly string[]
  /** The chain IDs of its layers, base first. */
  readonly chain: readonly string[]
}

/** All that a target leads to. */
export interface ImageTree {
  readonly manifests: readonly PlatformManifest[]
  /** The target and the indexes below it, as far as they are there. */
  readonly indexes: readonly string[]
}

/** An index may name indexes; more than this deep none is real. */
const DEPTH_LIMIT = 8

/** Follows a target down to its manifests; of those that are not in the store nothing is known, which is no damage. */
export function readImageTree(
  content: NamespaceContent,
  target: string,
  arithmetic: ChainArithmetic,
): ImageTree {
  const manifests: PlatformManifest[] = []
  const times = new Map<string, number>()
  const indexes: string[] = []
  const seen = new Set<string>()
  const visit = (digest: string, descriptor: JsonObject, depth: number): void => {
    times.set(digest, (times.get(digest) ?? 0) + 1)
    if (seen.has(digest) || depth > DEPTH_LIMIT) return
    seen.add(digest)
    const json = content.json(digest)
    if (json === null) return
    if (Array.isArray(json['manifests'])) {
      indexes.push(digest)
      for (const child of list(json, 'manifests').filter(isObject))
        visit(text(child, 'digest'), child, depth + 1)
    } else manifests.push(readManifest(content, digest, json, descriptor, arithmetic))
  }
  visit(target, {}, 0)
  return {
    manifests: manifests.map((manifest) => ({ ...manifest, times: times.get(manifest.digest) ?? 1 })),
    indexes,
  }
}

function readManifest(
  content: NamespaceContent,
  digest: string,
  json: JsonObject,
  descriptor: JsonObject,
  arithmetic: ChainArithmetic,
): PlatformManifest {
  const configDigest = text(record(json, 'config'), 'digest')
  const layers = list(json, 'layers').filter(isObject)
  const isAttestation =
    textMap(descriptor, 'annotations').get('vnd.docker.reference.type') === 'attestation-manifest'
  const config = isAttestation ? {} : (content.json(configDigest) ?? {})
  const diffIds = readDiffIds(config)
  const layerBlobs = layers.map((layer) => text(layer, 'digest'))
  const blobs = [digest, configDigest, ...layerBlobs]
  return {
    digest,
    isAttestation,
    isRunnable: !isAttestation && (layers.length === 0 || layers.some(isFileSystem)),
    times: 1,
    config,
    hasConfig: content.has(configDigest),
    blobs: blobs.filter((blob) => content.has(blob)),
    layerBlobs,
    diffIds,
    chain: arithmetic.chainOf(diffIds),
  }
}

/** By its type, which real manifests always say (containerd core/images/mediatypes.go, IsLayerType). */
const isFileSystem = (layer: JsonObject): boolean =>
  /^$|^application\/vnd\.(oci\.image\.layer\.|docker\.image\.rootfs\.(foreign\.)?diff\.tar)/.test(
    text(layer, 'mediaType'),
  )

/** The bytes of these blobs, each as often as it stands there; null where one has no readable record. */
export function blobBytes(content: NamespaceContent, blobs: readonly string[]): number | null {
  let sum = 0
  for (const digest of blobs) {
    const bytes = content.recordedBytes(digest)
    if (bytes === null) return null
    sum += bytes
  }
  return sum
}
