import { doTask } from '../tree/second-thread.ts'
import { buffersOf } from './directory-sums.ts'
import { CELL, Partner } from './partner.ts'
import { LOCAL } from './reader.ts'
import { Walk } from './walk.ts'
import type { HelperResult, HelperTask } from './walk-helper.ts'

/** The second thread of a walk. */
doTask<HelperTask, HelperResult>(
  ({ location, mounts, takesAll }, link) => {
    const { cells } = link
    const walk = new Walk(LOCAL, location, mounts, {
      onProgress(inodes) {
        Atomics.store(cells, CELL.inodes, inodes)
        return Atomics.load(cells, CELL.stop) === 0
      },
    })
    const partner = new Partner(link, 'helper')
    try {
      if (takesAll) walk.begin()
      partner.walk(walk)
    } finally {
      partner.end()
    }
    return { sums: walk.sums.data(), problems: walk.problems }
  },
  ({ sums }) => buffersOf(sums),
)
