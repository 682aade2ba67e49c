import { mountPoints } from '../src/scan/mounts.ts'
import { RootWalk } from '../src/scan/root-walk.ts'

// The walk of a root as the measured report makes it, by two threads, with nothing else beside it.
const [, , root = ''] = process.argv
const { sums } = new RootWalk(root, mountPoints()).finish({ onProgress: () => true })
process.stdout.write(
  `${[...sums.diskBytes, ...sums.ownDiskBytes].reduce((sum, bytes) => sum + Math.max(0, bytes), 0)}\n`,
)
