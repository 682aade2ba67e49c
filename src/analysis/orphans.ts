import { baseOf, containerdPlaces } from '../layouts/containerd/places.ts'
import { driverNamed } from '../layouts/drivers/driver.ts'
import type { Store } from '../model/model.ts'
import { emptyTally, type Stray, type Survey, type Tally } from '../model/places.ts'
import type { Catalog } from './catalog.ts'
import { conceals, isOfStore, layerUserPlaces, placesSearched } from './searched.ts'
import { shellWord } from './shell-word.ts'
import { addTally } from './sizes.ts'
import { stateDatabaseOf } from './state-database.ts'

export type OrphanKind = 'orphan' | 'leftover' | 'hidden'

/**
 * How sure it is that nothing owns the data: `proven` at rest, with everything readable; `likely` where an engine runs
 * or the data is young, and a second reading found no owner either; `in-flux` where something holds it mounted now.
 */
export type Certainty = 'proven' | 'likely' | 'in-flux'

export interface Orphan {
  readonly root: string
  readonly path: string
  readonly store: string | null
  readonly kind: OrphanKind
  readonly reason: string
  /** The places that could have named an owner, and do not. */
  readonly searched: readonly string[]
  readonly mounted: boolean | null
  readonly modifiedMs: number | null
  readonly certainty: Certainty
  /** Null where nothing was measured. */
  readonly size: Tally | null
  /** The engine's own command that removes it; null where there is none. */
  readonly command: string | null
}

/** Something without an owner of which nothing is said, because what could own it cannot be read. */
export interface Withheld {
  readonly root: string
  readonly path: string
  readonly because: string
}

export interface Orphans {
  readonly found: readonly Orphan[]
  readonly withheld: readonly Withheld[]
}

/** Everything in the roots that no record claims, what interrupted work left, and what the engine no longer sees. */
export function findOrphans(catalog: Catalog): Orphans {
  const found: Orphan[] = []
  const withheld: Withheld[] = []
  for (const survey of catalog.surveys) {
    const judge = new Judge(catalog, survey)
    for (const stray of survey.strays) {
      const because = judge.whyUnknown(stray)
      if (because === null) found.push(judge.stray(stray))
      else withheld.push({ root: survey.root, path: stray.path, because })
    }
    found.push(...judge.leftovers(), ...judge.lonelyVolumes(), ...judge.unusedLayers(), ...judge.hidden())
  }
  return { found: found.sort((a, b) => (a.path < b.path ? -1 : 1)), withheld }
}

class Judge {
  readonly #catalog: Catalog
  readonly #survey: Survey
  readonly #stores: readonly Store[]

  constructor(catalog: Catalog, survey: Survey) {
    this.#catalog = catalog
    this.#survey = survey
    this.#stores = catalog.model.stores.filter((store) => store.root === survey.root)
  }

  /** A sentence where an owner may stand in something that cannot be read; null where nothing of the kind is so. */
  whyUnknown({ path }: Stray): string | null {
    const store = this.#storeOfDirectory(path)
    if (path.startsWith('containers/')) return null
    if (store === null) return isContainerdData(path) ? this.#whyContainerdUnknown() : null
    for (const { code, path: at, root, message } of this.#catalog.model.findings)
      if (root === this.#survey.root && at !== null && CONCEALS.has(code) && conceals(at, path, store))
        return message
    return null
  }

  /** A containerd without stores: nothing is in it, or its database cannot be read. */
  #whyContainerdUnknown(): string | null {
    const damage = this.#catalog.model.findings.find(
      ({ root, path, code }) =>
        root === this.#survey.root && CONCEALS.has(code) && path?.endsWith('.bolt/meta.db') === true,
    )
    return damage?.message ?? null
  }

  stray(stray: Stray): Orphan {
    const store = this.#storeOfDirectory(stray.path)
    return this.#orphan({
      path: stray.path,
      store: store?.id ?? null,
      // containerd removes by itself what no row of its names.
      kind: isContainerdData(stray.path) ? 'leftover' : 'orphan',
      reason: describeStray(stray, store),
      searched: placesSearched(stray.path, store),
      modifiedMs: stray.modifiedMs,
      certainty: this.#certainty(stray),
    })
  }

  leftovers(): Orphan[] {
    return this.#catalog.model.leftovers
      .filter((leftover) => leftover.root === this.#survey.root)
      .flatMap((leftover) =>
        [leftover.path, ...leftover.dataPaths].map((path) =>
          this.#orphan({
            path,
            store: leftover.store,
            kind: leftover.kind,
            reason: path === leftover.path ? leftover.reason : `${leftover.reason} (its files)`,
            searched: leftover.kind === 'orphan' ? ['containers/'] : [],
          }),
        ),
      )
      .concat(this.#snapshotClaims())
  }

  /** Volume directories that the database does not know and no container mounts. The engine still lists them. */
  lonelyVolumes(): Orphan[] {
    const used = new Set(
      this.#catalog.model.containers.flatMap(({ root, volumes }) =>
        root === this.#survey.root ? volumes : [],
      ),
    )
    const concealed = this.#catalog.model.unreadableContainers.some(({ root }) => root === this.#survey.root)
    return this.#catalog.model.volumes.flatMap((volume) => {
      if (volume.root !== this.#survey.root || volume.recorded !== false || volume.path === null) return []
      if (used.has(volume.name) || concealed) return []
      return [
        this.#orphan({
          path: volume.path,
          store: null,
          kind: 'orphan',
          reason: 'a volume directory without a row in the volume database; no container mounts it',
          ...(this.#isDocker()
            ? {
                searched: ['volumes/metadata.db', 'containers/*/config.v2.json'],
                command: `docker volume rm ${volume.name.startsWith('-') ? '-- ' : ''}${shellWord(volume.name)}`,
              }
            : { searched: [stateDatabaseOf(this.#catalog.model, this.#survey.root)] }),
        }),
      ]
    })
  }

  /** Layers with a record that nothing uses: no engine removes them by itself. */
  unusedLayers(): Orphan[] {
    return this.#stores.flatMap((store) => {
      const at = this.#catalog.store(store.id)
      const users = layerUserPlaces(store)
      if (at === undefined || users === null || this.#isConcealed(store)) return []
      return [...at.layers.values()].flatMap((layer) =>
        layer.path === null || !layer.loaded || at.holders.isHeld(layer.id)
          ? []
          : [
              this.#orphan({
                path: layer.path,
                store: store.id,
                kind: 'leftover',
                reason: `the files of layer ${layer.id}, which no image, container, cache record or layer uses`,
                searched: users,
              }),
            ],
      )
    })
  }

  /** Drivers' directories of which no store is here, and stores that the engine does not use. */
  hidden(): Orphan[] {
    // The files of a container whose store is lost lie in one of these directories, as do images without records.
    const { containers, findings } = this.#catalog.model
    const isHeld =
      containers.some(({ root, store }) => root === this.#survey.root && store === null) ||
      findings.some(({ root, code }) => root === this.#survey.root && code === 'image-records-missing')
    const foreign = this.#survey.claims.flatMap((claim) => {
      if (isHeld) return []
      const tally = this.#catalog.sizes.total(this.#survey.root, claim.path)
      if (claim.place !== 'foreign-driver' || tally === null || tally.files === 0) return []
      return [
        this.#orphan({
          path: claim.path,
          store: null,
          kind: 'hidden',
          reason: `the directory of storage driver ${claim.path}; no image store of it is in this root`,
          searched: [`image/${claim.path}`, `repositories-${claim.path}`],
        }),
      ]
    })
    const unused = this.#stores
      .filter((store) => store.active === false)
      .flatMap((store) =>
        [store.path, ...homesOf(store)].map((path) =>
          this.#orphan({
            path,
            store: store.id,
            kind: 'hidden',
            reason: `of the image store ${store.layout}/${store.driver}: ${store.why}`,
            searched: [],
            size: this.#below(path),
          }),
        ),
      )
    return [...foreign, ...unused]
  }

  #snapshotClaims(): Orphan[] {
    return this.#catalog.model.snapshotClaims
      .filter((claim) => claim.root === this.#survey.root && claim.recordsKnown)
      .map((claim) =>
        this.#orphan({
          path: driverNamed(this.#catalog.store(claim.store)?.store.driver ?? '').directory(claim.cacheId),
          store: claim.store,
          kind: 'leftover',
          reason: "named by BuildKit's snapshot map alone: no cache record and no layer stands for it",
          searched: ['buildkit/metadata_v2.db', 'image/*/layerdb/sha256/*/cache-id'],
        }),
      )
  }

  #orphan(
    facts: Pick<Orphan, 'path' | 'store' | 'kind' | 'reason' | 'searched'> &
      Partial<Pick<Orphan, 'modifiedMs' | 'certainty' | 'command' | 'size'>>,
  ): Orphan {
    const { root } = this.#survey
    return {
      root,
      mounted: this.#isMounted(facts.path),
      modifiedMs: null,
      certainty: this.#isLive() || this.#isMounted(facts.path) ? 'likely' : 'proven',
      command: null,
      size: this.#catalog.sizes.total(root, facts.path),
      ...facts,
    }
  }

  #certainty(stray: Stray): Certainty {
    if (this.#isMounted(stray.path)) return 'in-flux'
    return stray.inDoubt ? 'likely' : 'proven'
  }

  #isDocker(): boolean {
    return this.#catalog.model.roots.find(({ path }) => path === this.#survey.root)?.kind === 'docker'
  }

  #isLive(): boolean {
    return this.#catalog.model.roots.find(({ path }) => path === this.#survey.root)?.engineRunning === true
  }

  #isMounted(path: string): boolean | null {
    return this.#survey.mounted?.some((point) => point === path || point.startsWith(`${path}/`)) ?? null
  }

  /** Whether an image or container that could hold layers of the store cannot be read. */
  #isConcealed(store: Store): boolean {
    const places = store.layout === 'layerdb' ? [`${store.path}/imagedb`] : (layerUserPlaces(store) ?? [])
    return this.#catalog.model.findings.some(
      ({ root, path, code }) =>
        root === this.#survey.root && CONCEALS.has(code) && places.some((place) => path?.startsWith(place)),
    )
  }

  /** Everything measured below a path, whoever owns it. */
  #below(path: string): Tally | null {
    const { measurement, claims } = this.#survey
    if (measurement === null) return null
    const sum = emptyTally()
    for (const [index, claim] of claims.entries()) {
      const tally = measurement.tallies[index]
      if (tally !== undefined && (claim.path === path || claim.path.startsWith(`${path}/`)))
        addTally(sum, tally)
    }
    return sum
  }

  /** The store whose driver keeps its data where a path lies. */
  #storeOfDirectory(path: string): Store | null {
    return this.#stores.find((store) => isOfStore(store, path)) ?? null
  }
}

/** Where a store's driver keeps its data beside the store's own path. */
const homesOf = (store: Store): readonly string[] =>
  store.layout === 'containerd'
    ? [containerdPlaces(baseOf(store.path)).content]
    : driverNamed(store.driver).homes.slice(0, 1)

/** Findings after which an owner may exist that nobody could read. */
const CONCEALS: ReadonlySet<string> = new Set([
  'unreadable',
  'not-a-regular-file',
  'symlink-not-followed',
  'file-too-large',
  'layer-damaged',
  'mount-damaged',
  'database-damaged',
  'database-older-state',
  'database-inconsistent',
  'image-config-damaged',
  'image-record-damaged',
  'container-config-damaged',
  'unsafe-name',
  'scan-cancelled',
])

/** What containerd removes by itself as soon as no row names it. */
const isContainerdData = (path: string): boolean =>
  /(^|\/)io\.containerd\.(content|snapshotter)\.v1\./.test(path)

function describeStray(stray: Stray, store: Store | null): string {
  const name = stray.path.slice(stray.path.lastIndexOf('/') + 1)
  if (isContainerdData(stray.path))
    return `${name.startsWith('new-') ? 'an unpacking that did not end' : 'data that no record of any namespace names'}: containerd removes it at its next collection`
  if (stray.path.startsWith('containers/')) return 'a container directory without a config'
  if (stray.path.startsWith('vfs/dir/') && store?.driver !== 'vfs')
    return 'the data of a volume that no record and no container names'
  const what =
    stray.kind === 'directory' ? 'a directory' : `a ${stray.kind === 'other' ? 'special file' : stray.kind}`
  if (/-init$/.test(name))
    return `${what} of the kind that lies below a container's writable layer; no container has it`
  if (/^[a-z0-9]{25}$/.test(name))
    return `${what} named as BuildKit names its snapshots; no cache record has it`
  return `${what} that no layer, container or cache record claims`
}
