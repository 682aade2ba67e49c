import { type Chunks, Column, type NumberChunks, NumberColumn, noNumbers } from './column.ts'
import type { Subject } from './findings.ts'
import type { Claim, Place } from './places.ts'

/** What most claims have in common with others; `owner` is the kind of the owner. */
export interface ClaimKind extends Pick<Claim, 'place' | 'store' | 'content'> {
  readonly owner: Subject['kind'] | null
}

const NONE = -1
const TOP = 0

/** A tree of path components and a list, both in columns. */
interface ClaimColumns {
  /** A path component for each node; that of the top is empty. */
  readonly names: Chunks<string>
  /** The node above; `NONE` for the top. */
  readonly parents: NumberChunks
  /** The nodes below by their names; of one alone, only its number. */
  readonly children: Chunks<number | Map<string, number> | null>
  /** The claim on each node; `NONE` where none ends there. */
  readonly claims: NumberChunks
  /** The node of each claim. */
  readonly nodes: NumberChunks
  /** The kind of each claim, among those that claims share: there are a few for each store. */
  readonly kinds: NumberChunks
  readonly shared: ClaimKind[]
  /** The ids of the owners; none where the kind has none. */
  readonly owners: Chunks<string>
}

/**
 * The claims of a root, in order: of two that reach one inode, the first has it. A path is kept by its components, which
 * takes a fifth of what the paths and an index of them would. Nodes are numbers; `NONE` (-1) stands for no node and no
 * claim.
 */
export class Claims implements Iterable<Claim> {
  /** Plain data, from which the same claims can be made on the other side of a thread. */
  readonly columns: ClaimColumns
  readonly #names: Column<string>
  readonly #parents: NumberColumn
  readonly #children: Column<number | Map<string, number> | null>
  readonly #claims: NumberColumn
  readonly #nodes: NumberColumn
  readonly #kinds: NumberColumn
  readonly #owners: Column<string>

  /** No claims, or those of columns. */
  constructor(columns?: ClaimColumns) {
    this.columns = columns ?? {
      names: [],
      parents: noNumbers(),
      children: [],
      claims: noNumbers(),
      nodes: noNumbers(),
      kinds: noNumbers(),
      shared: [],
      owners: [],
    }
    this.#names = new Column(this.columns.names)
    this.#parents = new NumberColumn(this.columns.parents)
    this.#children = new Column(this.columns.children)
    this.#claims = new NumberColumn(this.columns.claims)
    this.#nodes = new NumberColumn(this.columns.nodes)
    this.#kinds = new NumberColumn(this.columns.kinds)
    this.#owners = new Column(this.columns.owners)
    if (this.#names.length === 0) this.#addNode(NONE, '')
  }

  get size(): number {
    return this.#nodes.length
  }

  /** How many nodes there are: each has a number below this. */
  get nodeCount(): number {
    return this.#names.length
  }

  /**
   * Adds a claim; the first one on a path stays, so owners come before what merely refers to them. A component that is
   * `name` is kept as that very string, which its owner has anyway.
   */
  add(
    path: string,
    place: Place,
    owner: Subject | null,
    store: string | null,
    { content = false, name = '' }: { readonly content?: boolean; readonly name?: string } = {},
  ): void {
    const node = this.#makeNode(path, name)
    if (this.#claims.at(node) !== NONE) return
    this.#claims.set(node, this.#nodes.push(node))
    this.#kinds.push(this.#kindOf({ place, store, content, owner: owner?.kind ?? null }))
    this.#owners.push(owner?.id ?? '')
  }

  /** Gives the claims on some paths another purpose. */
  setPlace(place: Place, paths: Iterable<string>): void {
    for (const path of paths) {
      const claim = this.indexAt(path)
      const kind = this.kindAt(claim)
      if (kind !== undefined) this.#kinds.set(claim, this.#kindOf({ ...kind, place }))
    }
  }

  at(index: number): Claim | undefined {
    const [node, kind] = [this.#nodes.at(index), this.kindAt(index)]
    if (node === undefined || kind === undefined) return undefined
    const { place, store, content } = kind
    const owner = kind.owner === null ? null : { kind: kind.owner, id: this.ownerAt(index) }
    return { path: this.pathOf(node), place, store, content, owner }
  }

  /** What a claim says beside its path and its owner's id, for those who look at all of them and need no more. */
  kindAt(index: number): ClaimKind | undefined {
    return this.columns.shared[this.#kinds.at(index) ?? NONE]
  }

  /** The id of the owner; empty where there is none. */
  ownerAt(index: number): string {
    return this.#owners.at(index) ?? ''
  }

  pathAt(index: number): string {
    return this.pathOf(this.#nodes.at(index) ?? TOP)
  }

  *[Symbol.iterator](): Generator<Claim> {
    for (const [, claim] of this.entries()) yield claim
  }

  *entries(): Generator<[index: number, claim: Claim]> {
    for (let index = 0; index < this.size; index++) {
      const claim = this.at(index)
      if (claim !== undefined) yield [index, claim]
    }
  }

  /** The claims for one purpose. */
  *ofPlace(place: Place): Generator<Claim> {
    for (let index = 0; index < this.size; index++) {
      const claim = this.kindAt(index)?.place === place ? this.at(index) : undefined
      if (claim !== undefined) yield claim
    }
  }

  /** The claim on this very path. */
  indexAt(path: string): number {
    return this.claimOf(this.nodeAt(path))
  }

  /** The deepest claim on the way to a path. */
  deepestAt(path: string): number {
    let deepest = this.claimOf(TOP)
    let node = TOP
    for (const part of partsOf(path)) {
      node = this.childOf(node, part)
      const claim = this.claimOf(node)
      if (claim !== NONE) deepest = claim
    }
    return deepest
  }

  /** The node of a path: there is one where a claim lies on it or below. */
  nodeAt(path: string): number {
    let node = TOP
    for (const part of partsOf(path)) node = this.childOf(node, part)
    return node
  }

  childOf(node: number, name: string): number {
    const below = this.#children.at(node) ?? null
    if (below === null) return NONE
    if (typeof below === 'number') return this.nameOf(below) === name ? below : NONE
    return below.get(name) ?? NONE
  }

  childrenOf(node: number): Iterable<number> {
    const below = this.#children.at(node) ?? null
    if (below === null) return []
    return typeof below === 'number' ? [below] : below.values()
  }

  /** The claims on all nodes below one. */
  *below(node: number): Generator<number> {
    const pending = [...this.childrenOf(node)]
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      const claim = this.claimOf(at)
      if (claim !== NONE) yield claim
      for (const child of this.childrenOf(at)) pending.push(child)
    }
  }

  parentOf(node: number): number {
    return this.#parents.at(node) ?? NONE
  }

  nameOf(node: number): string {
    return this.#names.at(node) ?? ''
  }

  claimOf(node: number): number {
    return this.#claims.at(node) ?? NONE
  }

  pathOf(node: number): string {
    let path = this.nameOf(node)
    for (let at = this.parentOf(node); at > TOP; at = this.parentOf(at)) path = `${this.nameOf(at)}/${path}`
    return path
  }

  #makeNode(path: string, name: string): number {
    let node = TOP
    for (const part of partsOf(path)) {
      const known = this.childOf(node, part)
      node = known === NONE ? this.#addNode(node, part === name ? name : part) : known
    }
    return node
  }

  #addNode(parent: number, name: string): number {
    const node = this.#names.push(name)
    this.#parents.push(parent)
    this.#children.push(null)
    this.#claims.push(NONE)
    const beside = this.#children.at(parent) ?? null
    if (parent === NONE) return node
    if (beside === null) this.#children.set(parent, node)
    else if (typeof beside === 'number')
      this.#children.set(
        parent,
        new Map([
          [this.nameOf(beside), beside],
          [name, node],
        ]),
      )
    else beside.set(name, node)
    return node
  }

  /** The place of a kind among those that are shared. */
  #kindOf(kind: ClaimKind): number {
    const { place, store, content, owner } = kind
    const { shared } = this.columns
    const known = shared.findIndex(
      (each) =>
        each.place === place && each.store === store && each.content === content && each.owner === owner,
    )
    return known === NONE ? shared.push(kind) - 1 : known
  }
}

const partsOf = (path: string): readonly string[] => (path === '' ? [] : path.split('/'))
