import type { CacheRecord } from '../../model/model.ts'
import { timeMs } from './durations.ts'
import type { State } from './state.ts'

/** Between two uses that one prune makes. */
const TURN_MS = 0.001

/** When and how often the records of the build cache were used, the uses counted that a prune with a limit itself makes. */
export class RecordUses {
  readonly #state: State
  readonly #made = new Map<string, { readonly atMs: number; readonly times: number }>()
  #turn = 0

  constructor(state: State) {
    this.#state = state
  }

  /** The last use in milliseconds since 1970; minus infinity where there was none. */
  lastMs({ id, lastUsedAt }: CacheRecord): number {
    return this.#made.get(id)?.atMs ?? timeMs(lastUsedAt) ?? Number.NEGATIVE_INFINITY
  }

  count({ id, usageCount }: CacheRecord): number {
    return usageCount + (this.#made.get(id)?.times ?? 0)
  }

  /**
   * What the engine does before it picks anything: it sizes every record. One that is still written to, as a cache mount is
   * since its last build, it commits for that, which counts as a use (buildkit cache/manager.go, DiskUsage, and refs.go, commit;
   * seen of 20.10 and 28.5).
   */
  size(records: readonly CacheRecord[]): void {
    const written = records.filter(({ mutable, twins }) => mutable && twins.length === 0)
    for (const record of written) this.#use(record)
    if (written.length > 1)
      this.#state.remark(
        `${written.length} records of the build cache were not sized since their builds: the engine does it at once and in any order, and goes by that order where an amount is to be kept.`,
      )
  }

  /**
   * When the last record goes that stood on another, that one counts as used, if the engine loaded the first when it started;
   * it does not if it made it itself since (buildkit cache/manager.go, parentsOf, from 0.10 on; seen of 28.5).
   */
  setFree(record: CacheRecord): void {
    const { ground, rules } = this.#state
    if (!rules.removalUsesParents) return
    const isRunning = ground.catalog.model.roots.find(({ path }) => path === ground.root)?.engineRunning
    if (isRunning !== true) this.#use(record)
    else
      this.#state.remark(
        'What the running engine built after its start is told from what it found then by nothing on the disk: of the amount of build cache to keep, other records may be left than these.',
      )
  }

  #use({ id }: CacheRecord): void {
    this.#turn++
    const times = (this.#made.get(id)?.times ?? 0) + 1
    this.#made.set(id, { atMs: this.#state.nowMs + this.#turn * TURN_MS, times })
  }
}
