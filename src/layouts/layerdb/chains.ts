import { sha256Hex } from '../../formats/sha256.ts'
import { visitParentsFirst } from '../parents-first.ts'
import type { Source } from '../source.ts'
import type { LayerRecord } from './records.ts'

/** chainID(1) = diffID(1); chainID(n) = sha256(chainID(n-1) + " " + diffID(n)), both with their `sha256:`. */
export function nextChainId(parent: string | null, diffId: string): string {
  if (parent === null) return diffId
  return `sha256:${sha256Hex(`${parent} ${diffId}`)}`
}

/** A chain ID by its parent, and others of the same diff ID. */
interface KnownChain {
  readonly parent: string
  readonly id: string
  readonly next: KnownChain | null
}

/** The chain IDs of an image's diff IDs, base first; what the layer database already proves is not hashed again. */
export class ChainArithmetic {
  /** By diff ID, which is mostly of one layer only: a key of both would have to be put together for each question. */
  readonly #known = new Map<string, KnownChain>()

  readonly #bases = new Map<string, string>()

  /** Gives back what it took: of a hundred thousand layers 10 MB. */
  forget(): void {
    this.#known.clear()
    this.#bases.clear()
  }

  chainOf(diffIds: readonly string[]): string[] {
    const chain: string[] = []
    let parent: string | null = null
    for (const diffId of diffIds) {
      parent = this.next(parent, diffId)
      chain.push(parent)
    }
    return chain
  }

  /** The chain ID of a diff ID on a parent; where it is the one that is expected, that very string, then and later. */
  next(parent: string | null, diffId: string, expected?: string): string {
    if (parent === null) return this.#base(diffId, expected)
    const known = this.#known.get(diffId) ?? null
    for (let each = known; each !== null; each = each.next) if (each.parent === parent) return each.id
    const computed = nextChainId(parent, diffId)
    // One string for one id is found in a map at a glance, without a look at its letters.
    const id = computed === expected ? expected : computed
    this.#known.set(diffId, { parent, id, next: known })
    return id
  }

  #base(diffId: string, expected: string | undefined): string {
    if (diffId === expected) this.#bases.set(expected, expected)
    return this.#bases.get(diffId) ?? diffId
  }
}

/**
 * Follows every layer to its base and says which of them the engine can load. Reports missing parents, cycles and
 * ids that do not follow from their parent and diff.
 */
export function checkChains(
  source: Source,
  layerdb: string,
  records: ReadonlyMap<string, LayerRecord>,
  arithmetic: ChainArithmetic,
): Set<string> {
  const loadable = new Set<string>()
  visitParentsFirst(
    records,
    (record) => {
      if (isLoadable(source, layerdb, record, records, loadable, arithmetic)) loadable.add(record.id)
    },
    (members) => reportCycle(source, layerdb, members),
  )
  return loadable
}

function isLoadable(
  source: Source,
  layerdb: string,
  record: LayerRecord,
  records: ReadonlyMap<string, LayerRecord>,
  loadable: ReadonlySet<string>,
  arithmetic: ChainArithmetic,
): boolean {
  const subject = { kind: 'layer', id: record.id } as const
  const directory = `${layerdb}/sha256/${record.id.slice(7)}`
  if (record.diffId !== null && arithmetic.next(record.parent, record.diffId, record.id) !== record.id)
    source.report({
      code: 'chain-id-mismatch',
      subject,
      path: directory,
      message: `The layer's directory is named ${record.id}, but its parent and diff give ${arithmetic.next(record.parent, record.diffId)}: one of the three files was altered.`,
    })
  if (record.parent !== null && !records.has(record.parent)) {
    source.report({
      code: 'layer-parent-missing',
      subject,
      path: `${directory}/parent`,
      message: `Layer ${record.id} stands on ${record.parent}, which is not in the layer database. The chain is broken here: the engine loads neither this layer nor an image above it.`,
    })
    return false
  }
  return record.intact && (record.parent === null || loadable.has(record.parent))
}

function reportCycle(source: Source, layerdb: string, members: readonly LayerRecord[]): void {
  const cycle = members.map((record) => record.id)
  const [from = ''] = cycle
  source.report({
    code: 'layer-cycle',
    subject: { kind: 'layer', id: from },
    path: `${layerdb}/sha256/${from.slice(7)}/parent`,
    message: `The parents of ${cycle.length === 1 ? 'this layer' : `${cycle.length} layers`} run in a circle (${cycle.slice(0, 4).join(' → ')} → ${from}). dockerd overflows its stack on such a root and does not start.`,
  })
}
