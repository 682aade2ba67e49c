import { type MessagePort, workerData } from 'node:worker_threads'
import { buildClaimTrie, nodeAt } from './claim-trie.ts'
import { CELL, CELLS_BYTES, type HelperResult, type HelperTask, STATE } from './parallel.ts'
import { LOCAL } from './reader.ts'
import { Walk } from './walk.ts'

/** The second thread of a measurement: takes directories off the shared list until none is left. */
function help(task: HelperTask, port: MessagePort): void {
  const cells = new Int32Array(task.shared, 0, CELLS_BYTES / 4)
  const taken = new Uint8Array(task.shared, CELLS_BYTES)
  if (Atomics.compareExchange(cells, CELL.state, STATE.starting, STATE.walking) !== STATE.starting) return
  try {
    port.postMessage(walkUnits(task, cells, taken))
    settle(cells, STATE.done)
  } catch {
    settle(cells, STATE.failed)
  }
}

function walkUnits(task: HelperTask, cells: Int32Array, taken: Uint8Array): HelperResult {
  const trie = buildClaimTrie(task.claims)
  const walk = new Walk(LOCAL, task.location, task.claims.length, task.mounts, {
    onProgress(inodes) {
      Atomics.store(cells, CELL.inodes, inodes)
      return Atomics.load(cells, CELL.stop) === 0
    },
  })
  for (;;) {
    const index = Atomics.add(cells, CELL.nextUnit, 1)
    const path = task.units[index]
    if (path === undefined || Atomics.load(cells, CELL.stop) === 1) break
    taken[index] = 1
    walk.drain({
      path,
      node: nodeAt(trie, path.slice(task.location.length + 1)),
      claim: task.unitClaims[index] ?? 0,
      device: task.unitDevices[index] ?? 0,
    })
  }
  const tallies = new Float64Array(3 * walk.tallies.length)
  for (const [index, { contentBytes, diskBytes, files }] of walk.tallies.entries())
    tallies.set([contentBytes, diskBytes, files], 3 * index)
  return {
    tallies,
    linked: [...walk.linked].map(([key, { sizeBytes, diskBytes, holders }]) => ({
      key,
      sizeBytes,
      diskBytes,
      holders: [...holders],
    })),
    problems: walk.problems,
  }
}

function settle(cells: Int32Array, state: number): void {
  Atomics.store(cells, CELL.state, state)
  Atomics.notify(cells, CELL.state)
}

const { task, port } = workerData as { task: HelperTask; port: MessagePort }
help(task, port)
