import { workerData } from 'node:worker_threads'
import { BEGUN, CELL, ENDED, Partner } from './partner.ts'
import { LOCAL } from './reader.ts'
import { Walk } from './walk.ts'
import type { HelperData, HelperResult } from './walk-helper.ts'

/** The second thread of a walk. */
function help({ task, shared, port }: HelperData): void {
  const cells = new Int32Array(shared)
  if (Atomics.compareExchange(cells, CELL.begun, BEGUN.not, BEGUN.yes) !== BEGUN.not) return
  const partner = new Partner(cells, port, 'helper')
  try {
    const walk = new Walk(LOCAL, task.location, task.mounts, {
      onProgress(inodes) {
        Atomics.store(cells, CELL.inodes, inodes)
        return Atomics.load(cells, CELL.stop) === 0
      },
    })
    if (task.takesAll) walk.begin()
    partner.walk(walk)
    const { names, parents, ownDiskBytes, contentBytes, diskBytes, files, linked } = walk.sums
    const sums = { names, parents, ownDiskBytes, contentBytes, diskBytes, files, linked }
    port.postMessage({ sums, problems: walk.problems } satisfies HelperResult)
    Atomics.store(cells, CELL.ended, ENDED.well)
  } catch {
    Atomics.store(cells, CELL.ended, ENDED.badly)
    partner.end()
  }
  Atomics.notify(cells, CELL.ended)
}

help(workerData as HelperData)
