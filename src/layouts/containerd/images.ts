import type { SameTexts } from '../../formats/same-texts.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Image } from '../../model/model.ts'
import type { ChainArithmetic } from '../layerdb/chains.ts'
import { readConfigFacts, readHistorySteps } from '../oci-config.ts'
import type { NamespaceContent } from './content.ts'
import { blobBytes, type ImageTree, type PlatformManifest, readImageTree } from './manifests.ts'
import type { ImageRow, NamespaceRows } from './meta.ts'
import { familiarName, isDanglingName } from './names.ts'

/** An image of a namespace before it is given to one of its stores. */
export interface NamespaceImage {
  readonly rows: readonly ImageRow[]
  readonly target: string
  readonly tree: ImageTree
}

/** Groups the rows of a namespace by what they lead to: names of one target are names of one image. */
export function readNamespaceImages(
  content: NamespaceContent,
  rows: NamespaceRows,
  arithmetic: ChainArithmetic,
): NamespaceImage[] {
  // A row of which the page with its target is damaged leads nowhere.
  const readable = rows.images.filter(({ target }) => target !== '')
  return [...groupBy(readable, (row) => row.target)].map(([target, group]) => ({
    rows: group,
    target,
    tree: readImageTree(content, target, arithmetic),
  }))
}

/** How the snapshots of a store answer. */
export interface Unpacked {
  /** For the texts of the images of this store. */
  readonly same: SameTexts
  readonly store: string
  readonly has: (chainId: string) => boolean
  /** False where one may be there whose row cannot be read. */
  readonly isWhole: boolean
  /** The recorded bytes of one with all below it; null where one of them is unknown. */
  readonly bytesBelow: (chainId: string) => number | null
}

/** The image as its engine shows it. Dockerd shortens names, and counts blobs and snapshots of all platforms. */
export function imageOf(
  { rows, target, tree }: NamespaceImage,
  content: NamespaceContent,
  unpacked: Unpacked,
  isDocker: boolean,
): Image {
  const main = mainManifest(tree, unpacked)
  const config = main?.config ?? {}
  const layers = presentChain(main, unpacked)
  const others = tree.manifests.filter((manifest) => manifest !== main)
  const names = rows.map((row) => row.name)
  return {
    ...readConfigFacts(config),
    store: unpacked.store,
    id: target,
    ...namesOf(names, target, isDocker),
    ...(isDocker && isArtifact(tree) ? { digests: [target], isArtifact: true } : {}),
    layers,
    layersKnown: unpacked.isWhole || layers.length === (main?.chain.length ?? 0),
    parent: parentOf(rows),
    lastUpdated: rows.map((row) => row.updatedAt).sort()[0] ?? null,
    history: readHistorySteps(
      config,
      layers.length === (main?.chain.length ?? 0) ? layers : [],
      unpacked.same,
    ),
    loaded: true,
    ...(isDocker ? dockerBytes(tree, content, unpacked) : { engineBytes: pulledBytes(tree, main, content) }),
    rows: rows.map(({ name, createdAt }) => ({ name, createdAt })),
    manifests: tree.manifests.map((manifest) => ({
      digest: manifest.digest,
      isAttestation: manifest.isAttestation,
      times: manifest.times,
      blobs: manifest.blobs,
      layerBlobs: manifest.layerBlobs,
      layers: presentChain(manifest, unpacked),
      labels: manifest.hasConfig ? readConfigFacts(manifest.config).labels : null,
    })),
    otherLayers: [...new Set(others.flatMap((manifest) => presentChain(manifest, unpacked)))].filter(
      (layer) => !layers.includes(layer),
    ),
    blobs: [...new Set([...tree.indexes, ...tree.manifests.flatMap((manifest) => manifest.blobs)])],
  }
}

/** Docker 28.5 gives an image of no platform its bare digest; 26.1 does not list it. */
const isArtifact = ({ manifests }: ImageTree): boolean =>
  manifests.length > 0 && manifests.every(({ isRunnable }) => !isRunnable)

/** The platform that is unpacked, else this machine's, else one of its system, else the first. */
function mainManifest(tree: ImageTree, unpacked: Unpacked): PlatformManifest | undefined {
  const platforms = tree.manifests.filter((manifest) => !manifest.isAttestation)
  const isOfSystem = ({ config }: PlatformManifest): boolean => config['os'] === HOST_SYSTEM
  const isHere = (manifest: PlatformManifest): boolean =>
    isOfSystem(manifest) && manifest.config['architecture'] === HOST_ARCHITECTURE
  const best = (some: readonly PlatformManifest[]): PlatformManifest | undefined =>
    some.find(isHere) ?? some.find(isOfSystem) ?? some[0]
  const ready = platforms.filter((manifest) => isUnpacked(manifest, unpacked))
  return best(ready) ?? best(platforms)
}

function isUnpacked({ chain }: PlatformManifest, unpacked: Unpacked): boolean {
  const top = chain.at(-1)
  return top !== undefined && unpacked.has(top)
}

const HOST_SYSTEM = process.platform === 'win32' ? 'windows' : 'linux'
const HOST_ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch

/** The layers of a manifest that are unpacked; an unpacking that did not end leaves the lower ones. */
function presentChain(manifest: PlatformManifest | undefined, unpacked: Unpacked): string[] {
  const missing = manifest?.chain.findIndex((layer) => !unpacked.has(layer)) ?? -1
  return manifest?.chain.slice(0, missing === -1 ? undefined : missing) ?? []
}

function namesOf(
  names: readonly string[],
  target: string,
  isDocker: boolean,
): Pick<Image, 'tags' | 'digests'> {
  if (!isDocker)
    return {
      tags: names.filter((name) => !isDigestName(name)).sort(),
      digests: names.filter(isDigestName).sort(),
    }
  const shown = names.filter((name) => !isDanglingName(name)).map(familiarName)
  // Of several names the one that comes last gives the digest (28.5).
  const last = shown.at(-1)
  return {
    tags: shown.filter((name) => !name.includes('@')).sort(),
    digests: last === undefined ? [] : [`${last.replace(/@.*$/, '').replace(/:[^:/]*$/, '')}@${target}`],
  }
}

/** Kubernetes also names images by the bare digest of their config. */
const isDigestName = (name: string): boolean => name.includes('@') || /^sha256:[a-f0-9]{64}$/.test(name)

/** The classic builder's parent, by its target. */
const parentOf = (rows: readonly ImageRow[]): string | null =>
  rows.map((row) => row.labels.get('org.mobyproject.image.parent')).find((parent) => parent !== undefined) ??
  null

/** What `ctr image ls` prints: the compressed bytes of one platform, with the indexes above it. */
const pulledBytes = (
  tree: ImageTree,
  main: PlatformManifest | undefined,
  content: NamespaceContent,
): number | null => blobBytes(content, [...tree.indexes, ...(main?.blobs ?? [])])

/** What docker prints: the blobs of every platform, and the layers of those that are unpacked; later also attestations. */
function dockerBytes(
  tree: ImageTree,
  content: NamespaceContent,
  unpacked: Unpacked,
): Pick<Image, 'engineBytes' | 'attestationBytes' | 'repeatedBytes'> {
  const unpackedBytes = (manifest: PlatformManifest): number | null => {
    if (isUnpacked(manifest, unpacked)) return unpacked.bytesBelow(manifest.chain.at(-1) ?? '')
    return unpacked.isWhole || manifest.chain.length === 0 ? 0 : null
  }
  const sum = (timesOf: (manifest: PlatformManifest) => number): number | null =>
    tree.manifests.reduce<number | null>((bytes, manifest) => {
      const times = timesOf(manifest)
      if (times === 0) return bytes
      const [packed, plain] = [blobBytes(content, manifest.blobs), unpackedBytes(manifest)]
      return bytes === null || packed === null || plain === null ? null : bytes + times * (packed + plain)
    }, 0)
  return {
    engineBytes: sum(({ times }) => times),
    attestationBytes: sum(({ isAttestation, times }) => (isAttestation ? times : 0)),
    repeatedBytes: sum(({ isAttestation, times }) => (isAttestation ? 0 : times - 1)),
  }
}
