import type { Store } from '../../model/model.ts'
import type { Survey } from '../../model/places.ts'
import type { Catalog } from '../catalog.ts'
import { type Concealing, concealingOf } from './concealing.ts'
import type { Orphan } from './orphan.ts'

/** One root, as far as what nobody owns is looked for in it. */
export class SearchedRoot {
  readonly catalog: Catalog
  readonly survey: Survey
  readonly stores: readonly Store[]
  /** Defects after which an owner may exist that nobody could read. */
  readonly concealing: readonly Concealing[]

  constructor(catalog: Catalog, survey: Survey) {
    this.catalog = catalog
    this.survey = survey
    this.stores = catalog.model.stores.filter((store) => store.root === survey.root)
    this.concealing = concealingOf(catalog.model, survey.root)
  }

  /** Fills in what is the same for everything that nobody owns. */
  orphan(
    facts: Pick<Orphan, 'path' | 'store' | 'kind' | 'reason' | 'searched'> &
      Partial<Pick<Orphan, 'modifiedMs' | 'certainty' | 'command' | 'size'>>,
  ): Orphan {
    const { root } = this.survey
    const mounted = this.isMounted(facts.path)
    const isLive = this.#root?.engineRunning === true
    return {
      root,
      mounted,
      modifiedMs: null,
      certainty: isLive || mounted ? 'likely' : 'proven',
      command: null,
      size: this.catalog.sizes.total(root, facts.path),
      ...facts,
    }
  }

  get isDocker(): boolean {
    return this.#root?.kind === 'docker'
  }

  /** Whether records may lie in podman's directory in `/run`, as with `--transient-store` of 4.4 and later. */
  get mayHaveRecordsInRun(): boolean {
    const kept = this.#root
    return kept?.kind === 'containers-storage' && kept.engine.rule !== 'podman'
  }

  /** Null where the mounts are not known. */
  isMounted(path: string): boolean | null {
    return this.survey.mounted?.some((point) => point === path || point.startsWith(`${path}/`)) ?? null
  }

  get #root() {
    return this.catalog.model.roots.find(({ path }) => path === this.survey.root)
  }
}
