import { type Collector, createCollector } from '../layouts/collector.ts'
import type { RootLayout } from '../layouts/layouts.ts'
import { Source } from '../layouts/source.ts'
import type { Claims } from '../model/claims.ts'
import type { Model } from '../model/model.ts'
import type { Stray } from '../model/places.ts'
import type { Entry } from '../tree/tree.ts'

/** An engine makes a directory before it writes the record: what is younger is looked at twice. */
const YOUNG_MS = 5 * 60 * 1000

/** The claims of a root, those on strays included, and the strays. */
export interface Division {
  readonly claims: Claims
  readonly strays: readonly Stray[]
  /** Directories in which each entry needs an owner, and that cannot be listed. */
  readonly unlisted: readonly string[]
}

/**
 * Divides a root among its owners, and finds what has none. Where an engine runs, or a stray is young, everything is
 * read a second time, and only what still has no owner stays a stray.
 */
export function divide(source: Source, layout: RootLayout, model: Model, nowMs: number): Division {
  const claims = layout.claims(model, source.root)
  // What cannot be listed was reported when the root was read.
  const quiet = new Source(source.tree, source.root, [], source.events)
  const unlisted: string[] = []
  const first = findStrays(quiet, layout.ownedDirectories(model, source.root), claims, unlisted)
  const isLive = model.roots.find(({ path }) => path === source.root)?.engineRunning === true
  const doubted = first.map((stray) => ({ ...stray, inDoubt: isLive || nowMs - stray.modifiedMs < YOUNG_MS }))
  const strays = doubted.some((stray) => stray.inDoubt) ? confirm(source, layout, doubted) : doubted
  for (const { path } of strays) claims.add(path, 'unclaimed', null, null)
  return { claims, strays, unlisted }
}

function findStrays(
  source: Source,
  directories: readonly string[],
  claims: Claims,
  unlisted: string[] = [],
): Stray[] {
  return directories.flatMap((directory) => {
    const node = claims.nodeAt(directory)
    const entries = source.listIfSeen(directory)
    if (entries === null) unlisted.push(directory)
    return (
      (entries ?? [])
        // Where something below an entry has an owner, so has the entry.
        .filter((entry) => claims.childOf(node, entry.name) === -1)
        .flatMap((entry) => strayAt(source, `${directory}/${entry.name}`, entry))
    )
  })
}

/** Nothing where the entry vanished meanwhile. */
function strayAt(source: Source, path: string, { kind }: Entry): Stray[] {
  try {
    const stat = source.stat(path)
    if (stat === null) return []
    const known = kind === 'file' || kind === 'directory' || kind === 'symlink' ? kind : 'other'
    return [{ path, kind: known, modifiedMs: stat.modifiedMs, inDoubt: false }]
  } catch {
    return []
  }
}

/** Reads the root again, into a model that is thrown away, and keeps the strays that nobody claims then either. */
function confirm(source: Source, layout: RootLayout, strays: readonly Stray[]): Stray[] {
  const second: Collector = createCollector()
  const again = new Source(source.tree, source.root, second.findings, source.events)
  layout.read(again, second, null, [])
  const still = new Set(
    findStrays(again, layout.ownedDirectories(second, source.root), layout.claims(second, source.root)).map(
      ({ path }) => path,
    ),
  )
  return strays.filter(({ path }) => still.has(path))
}
