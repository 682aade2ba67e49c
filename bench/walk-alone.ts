import { mountPoints } from '../src/scan/mounts.ts'
import { RootWalk } from '../src/scan/root-walk.ts'

// The walk of a root as the measured report makes it, by two threads, with nothing else beside it.
const [, , root = ''] = process.argv
const { sums } = new RootWalk(root, mountPoints()).finish({ onProgress: () => true })
let bytes = 0
for (const row of sums.rows()) bytes += sums.diskBytes(row) + Math.max(0, sums.ownDiskBytes(row))
process.stdout.write(`${bytes}\n`)
