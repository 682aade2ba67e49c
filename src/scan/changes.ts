import { type BigIntStats, lstatSync, readdirSync } from 'node:fs'
import { bytesOfName } from '../formats/byte-name.ts'
import type { ComparedTree } from '../layouts/docker/compared-trees.ts'
import { atPath } from '../tree/long-path.ts'

/**
 * The bytes that a tree holds beyond those below it, nearest first, as the engine computes the size of a writable layer
 * whose driver keeps no list of changes, an inode with several names once. Docker counts the lengths of all added or
 * changed entries but directories (pkg/archive changes.go); containerd counts the blocks of all (continuity fs/diff.go,
 * DiffUsage). Null where the tree cannot be read.
 */
export function changedBytes(
  tree: string,
  below: readonly string[],
  counts: ComparedTree['counts'] = 'lengths',
): number | null {
  try {
    return sumChanges(tree, below, counts)
  } catch {
    return null
  }
}

/** A directory of the tree by its path there, and the trees below that have a directory there too. */
interface Pending {
  readonly path: Buffer
  readonly below: readonly string[]
}

function sumChanges(tree: string, below: readonly string[], counts: ComparedTree['counts']): number {
  const counted = new Set<bigint>()
  const pending: Pending[] = [{ path: Buffer.alloc(0), below }]
  let sum = 0n
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const name of atPath(under(tree, next.path), (at) => readdirSync(at, { encoding: 'buffer' }))) {
      const entry = Buffer.concat([next.path, SLASH, name])
      const now = atPath(under(tree, entry), (at) => lstatSync(at, { bigint: true }))
      if (now.isDirectory()) pending.push({ path: entry, below: withDirectory(next.below, entry) })
      if (now.isDirectory() && counts === 'lengths') continue
      if (!isChanged(now, firstOf(next.below, entry), counts)) continue
      if (now.nlink > 1n && counted.has(now.ino)) continue
      counted.add(now.ino)
      sum += counts === 'blocks' ? now.blocks * 512n : now.size
    }
  }
  return Number(sum)
}

/** A link there could lead anywhere, and is not followed. */
const withDirectory = (trees: readonly string[], path: Buffer): string[] =>
  trees.filter((tree) => statOf(under(tree, path))?.isDirectory() === true)

const SLASH = Buffer.from('/')

const under = (top: string, path: Buffer): Buffer => Buffer.concat([bytesOfName(top), path])

function firstOf(trees: readonly string[], entry: Buffer): BigIntStats | null {
  for (const tree of trees) {
    const stats = statOf(under(tree, entry))
    if (stats !== null) return stats
  }
  return null
}

function statOf(path: Buffer): BigIntStats | null {
  try {
    return atPath(path, (at) => lstatSync(at, { bigint: true, throwIfNoEntry: false })) ?? null
  } catch {
    return null
  }
}

function isChanged(now: BigIntStats, before: BigIntStats | null, counts: ComparedTree['counts']): boolean {
  if (
    before === null ||
    now.mode !== before.mode ||
    now.uid !== before.uid ||
    now.gid !== before.gid ||
    now.rdev !== before.rdev
  )
    return true
  // Of a directory that stays, length and time say only that something in it changed.
  if (now.isDirectory()) return false
  return (
    now.size !== before.size ||
    (counts === 'blocks' ? now.mtimeNs !== before.mtimeNs : !isSameTime(now.mtimeNs, before.mtimeNs))
  )
}

/** Times of archives have whole seconds only: where one has no fraction, the seconds decide. */
function isSameTime(a: bigint, b: bigint): boolean {
  if (a === b) return true
  const second = 1_000_000_000n
  return a / second === b / second && (a % second === 0n || b % second === 0n)
}
