import { join } from 'node:path'
import type { Enclosure } from './enclosure.ts'

/** Mounts a file system in a file on a directory, seen inside the enclosure alone. */
export function mountBtrfs(enclosure: Enclosure, directory: string): void {
  const image = join(enclosure.home, 'btrfs.img')
  enclosure.must(['truncate', '-s', '2G', image])
  enclosure.must(['mkfs.btrfs', '-q', image])
  enclosure.must(['mount', '-o', 'loop', image, directory])
}
