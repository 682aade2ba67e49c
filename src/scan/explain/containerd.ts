import { isObject, type JsonObject, list, record, text } from '../../formats/fields.ts'
import { blobPath, type ContainerdPlaces } from '../../layouts/containerd/places.ts'
import { nextChainId } from '../../layouts/layerdb/chains.ts'
import { readDiffIds } from '../../layouts/oci-config.ts'
import { parseObject } from '../../layouts/source.ts'
import type { AssemblyStep } from '../../model/assembly.ts'
import { containerConfigStep } from './container-config.ts'
import { type ContainerdRows, openRows, snapshotChain, snapshotSteps } from './containerd-snapshots.ts'
import { mountStep } from './mount.ts'
import { facts, type Ground, hashCheck, step, unread } from './steps.ts'

/** An image of a containerd store: name, index, manifest, config, snapshots, mount. `platform` is its chain, base first. */
export function containerdImage(ground: Ground, target: string, platform: readonly string[]): AssemblyStep[] {
  const opened = openRows(ground)
  if (!opened.ok) return [opened.step]
  const { rows } = opened
  const names = rows.namespace.images.filter((image) => image.target === target)
  const name = step({
    title: 'From a name to the target',
    sentence:
      names.length === 0
        ? 'A row of the database leads from each name to a digest, and none leads to this one.'
        : 'A row of the database leads from each name to a digest: that of an index of several platforms, or of one manifest.',
    files: [rows.places.meta],
    says: facts(
      ...names.map((image) => [`v1/${rows.namespace.name}/images/${image.name}/target`, target] as const),
    ),
    leadsTo: target,
  })
  const { steps, diffIds } = contentSteps(ground, rows.places, target, platform)
  return [name, ...steps, ...chainSteps(ground, rows, diffIds)]
}

/** A layer: the snapshots from its base up to it. */
export function containerdLayer(ground: Ground, key: string): AssemblyStep[] {
  const opened = openRows(ground)
  if (!opened.ok) return [opened.step]
  const chain = snapshotChain(opened.rows, key)
  const { steps, stack } = snapshotSteps(ground, opened.rows, chain, [])
  return [...steps, ...mountStep(ground, stack)]
}

/** A container: its row, or dockerd's own config, then its snapshot and those below it. */
export function containerdContainer(ground: Ground, id: string): AssemblyStep[] {
  const opened = openRows(ground)
  if (!opened.ok) return [opened.step]
  const { rows } = opened
  const isDocker = rows.places.base !== ''
  const row = rows.namespace.containers.find((each) => each.id === id)
  const first = isDocker
    ? containerConfigStep(ground, id, 'config.v2.json').step
    : step({
        title: 'From the container to its snapshot',
        sentence:
          'A row of the database names the image, and the snapshot that takes what the container writes.',
        files: [rows.places.meta],
        says: facts(
          [`v1/${rows.namespace.name}/containers/${id}/image`, row?.image],
          ['snapshotter', row?.snapshotter],
          ['snapshotKey', row?.snapshotKey],
        ),
        problem: row === undefined ? 'The database has no row of this container.' : null,
        leadsTo: row?.snapshotKey ?? null,
      })
  const chain = snapshotChain(rows, isDocker ? id : (row?.snapshotKey ?? id))
  const { steps, stack } = snapshotSteps(ground, rows, chain, [])
  return [first, ...steps, ...mountStep(ground, stack)]
}

/** An index may name indexes; more than this deep none is real. */
const DEPTH_LIMIT = 8

/** From the target to the config: each is named by the hash of its bytes. */
function contentSteps(
  ground: Ground,
  places: ContainerdPlaces,
  target: string,
  platform: readonly string[],
): { steps: AssemblyStep[]; diffIds: readonly string[] } {
  const steps: AssemblyStep[] = []
  let digest: string = target
  for (let depth = 0; depth < DEPTH_LIMIT; depth++) {
    const { step: next, json } = blobStep(ground, places, digest)
    steps.push(next)
    if (json === null) return { steps, diffIds: [] }
    if (!Array.isArray(json['manifests'])) {
      const config = text(record(json, 'config'), 'digest')
      const last = configBlob(ground, places, config)
      return { steps: [...steps, last.step], diffIds: last.json === null ? [] : readDiffIds(last.json) }
    }
    digest = childFor(ground, places, json, platform) ?? ''
  }
  return { steps, diffIds: [] }
}

/** Of an index the manifest that unpacks to this chain, else the first that is there. */
function childFor(
  ground: Ground,
  places: ContainerdPlaces,
  index: JsonObject,
  platform: readonly string[],
): string | null {
  const children = list(index, 'manifests')
    .filter(isObject)
    .map((child) => text(child, 'digest'))
  const read = (digest: string): JsonObject | null => blobStep(ground, places, digest).json
  const present = children.filter((digest) => read(digest) !== null)
  const unpacked = present.find((digest) => {
    const config = read(text(record(read(digest) ?? {}, 'config'), 'digest'))
    const diffIds = config === null ? [] : readDiffIds(config)
    return diffIds.length > 0 && chainOf(diffIds).at(-1) === platform.at(-1)
  })
  return unpacked ?? present[0] ?? children[0] ?? null
}

function blobStep(
  { source }: Ground,
  places: ContainerdPlaces,
  digest: string,
): { step: AssemblyStep; json: JsonObject | null } {
  const path = blobPath(places, digest)
  if (path === null)
    return {
      step: step({
        title: 'A digest that is none',
        sentence: 'Every blob is named by the hash of its bytes.',
        problem: `${JSON.stringify(digest)} is no digest, and is not followed.`,
      }),
      json: null,
    }
  const content = source.bytes(path)
  const parsed = content.ok ? parseObject(content.value.toString('utf8')) : content
  const json = parsed.ok ? parsed.value : null
  const isIndex = json !== null && Array.isArray(json['manifests'])
  const children = list(json ?? {}, 'manifests').filter(isObject)
  const layers = list(json ?? {}, 'layers').filter(isObject)
  return {
    json,
    step: step({
      title: isIndex ? 'The index: one manifest for each platform' : 'The manifest: a config and its layers',
      sentence: isIndex
        ? 'An index lists manifests by digest, each with the platform that it is for.'
        : 'A manifest names the config and the compressed layers by digest. The layers here are as they came over the network.',
      files: [path],
      says: facts(
        ['mediaType', text(json ?? {}, 'mediaType')],
        ...children.map(
          (child, index) => [`manifests[${index}] ${platformOf(child)}`, text(child, 'digest')] as const,
        ),
        ['config.digest', text(record(json ?? {}, 'config'), 'digest')],
        ...layers.map((layer, index) => [`layers[${index}].digest`, text(layer, 'digest')] as const),
      ),
      checks: content.ok && digest.startsWith('sha256:') ? [hashCheck(path, content.value, digest)] : [],
      problem: parsed.ok ? null : unread(path, parsed),
      leadsTo: isIndex ? null : text(record(json ?? {}, 'config'), 'digest') || null,
    }),
  }
}

const platformOf = (child: JsonObject): string => {
  const platform = record(child, 'platform')
  return [text(platform, 'os'), text(platform, 'architecture')].filter((part) => part !== '').join('/')
}

function configBlob(
  ground: Ground,
  places: ContainerdPlaces,
  digest: string,
): { step: AssemblyStep; json: JsonObject | null } {
  const { step: blob, json } = blobStep(ground, places, digest)
  const diffIds = json === null ? [] : readDiffIds(json)
  return {
    json,
    step: {
      ...blob,
      title: 'The config: diff IDs, base first',
      sentence: 'A diff ID is the hash of a layer as a plain tar archive, before it was compressed.',
      says: facts(...diffIds.map((diffId, index) => [`rootfs.diff_ids[${index}]`, diffId] as const)),
      leadsTo: diffIds[0] ?? null,
    },
  }
}

function chainOf(diffIds: readonly string[]): string[] {
  const chain: string[] = []
  for (const diffId of diffIds) chain.push(nextChainId(chain.at(-1) ?? null, diffId))
  return chain
}

function chainSteps(ground: Ground, rows: ContainerdRows, diffIds: readonly string[]): AssemblyStep[] {
  const { steps, stack } = snapshotSteps(ground, rows, chainOf(diffIds), diffIds)
  const missing = stack.length < diffIds.length
  return [...steps, ...(missing ? [] : mountStep(ground, stack))]
}
