import { dirname, resolve } from 'node:path'
import { realPath } from '../tree/real-path.ts'

/** The root below which a file would lie, where links have led; null for none. Nothing is ever written there. */
export function rootAbove(path: string, roots: readonly string[]): string | null {
  // The file itself may be a link into a root.
  const places = [realOf(dirname(resolve(path))), realOf(resolve(path))]
  return roots.find((root) => places.some((place) => `${place}/`.startsWith(`${realOf(root)}/`))) ?? null
}

function realOf(path: string): string {
  try {
    return realPath(path)
  } catch {
    return path
  }
}
