import { type AheadTask, readPieces } from './read-ahead.ts'
import { doTask } from './second-thread.ts'

/** Reads small files ahead of the thread that will ask for them. */
doTask<AheadTask, null>((task, { cells, port }) => {
  readPieces(task, cells, (message, buffers) => port.postMessage(message, buffers))
  return null
})
