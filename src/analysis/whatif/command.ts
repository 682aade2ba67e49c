import type { Filters } from './filters.ts'

/** How much build cache stays, in bytes; 0 where no such limit is given. */
export interface CacheLimits {
  /** `--keep-storage`, `--reserved-space`: this much may always stay. */
  readonly reservedBytes: number
  /** `--max-used-space`: no more than this stays. */
  readonly maxUsedBytes: number
  /** `--min-free-space`: this much of the disk is to be free. */
  readonly minFreeBytes: number
}

/** A docker command line that removes something, understood. */
export type DockerCommand =
  | {
      readonly kind: 'system-prune'
      readonly all: boolean
      readonly volumes: boolean
      readonly filters: Filters
    }
  | { readonly kind: 'container-prune'; readonly filters: Filters }
  | { readonly kind: 'network-prune'; readonly filters: Filters }
  | { readonly kind: 'volume-prune'; readonly all: boolean; readonly filters: Filters }
  | { readonly kind: 'image-prune'; readonly all: boolean; readonly filters: Filters }
  | {
      readonly kind: 'cache-prune'
      readonly all: boolean
      readonly filters: Filters
      readonly limits: CacheLimits
      /** Said to the plugin buildx, which reads filters and speaks in another way than the engine. */
      readonly buildx?: true
    }
  | {
      readonly kind: 'rmi'
      readonly names: readonly string[]
      readonly force: boolean
      readonly noPrune: boolean
    }
  | {
      readonly kind: 'rm'
      readonly names: readonly string[]
      readonly force: boolean
      readonly volumes: boolean
    }
  | { readonly kind: 'volume-rm'; readonly names: readonly string[]; readonly force: boolean }

export const NO_LIMITS: CacheLimits = { reservedBytes: 0, maxUsedBytes: 0, minFreeBytes: 0 }
