import { parentPort, workerData } from 'node:worker_threads'
import { createCatalog } from '../analysis/catalog.ts'
import { Simulator } from '../analysis/whatif/simulator.ts'
import { waysToFree } from '../analysis/whatif/ways-to-free.ts'
import type { Model } from '../model/model.ts'
import type { Survey } from '../model/places.ts'
import { createReport } from '../report/report.ts'
import type { Report } from '../report/schema.ts'
import { openSample } from '../scan/sample.ts'
import { RootError, type ScanEvents, type ScanProgress, scan, scanTrees } from '../scan/scan.ts'
import type { RootWays } from './events.ts'
import type { ScanMessage, ScanRequest } from './scan-messages.ts'

const PROGRESS_EVERY_MS = 100

/** Scans in a thread of its own, so that the disk never holds up the keys: first the recorded facts, then the measured. */
function run(request: ScanRequest, post: (message: ScanMessage) => void): void {
  const stop = new Int32Array(request.stop)
  const isStopped = (): boolean => Atomics.load(stop, 0) !== 0
  const reportOf = (model: Model, surveys: readonly Survey[]): Report =>
    createReport(createCatalog(model, surveys), {
      version: request.version,
      generatedAt: new Date().toISOString(),
    })
  const report = progressReporter(post)
  const events: ScanEvents = {
    onProgress(progress) {
      report(progress)
      return !isStopped()
    },
    onModel: (model) => post({ kind: 'recorded', report: reportOf(model, []) }),
  }
  const options = { measure: request.measure }
  const { model, surveys } = request.sample
    ? scanTrees(openSample(), options, events)
    : scan(request.roots, options, events)
  // Half a measurement would show objects as smaller than they are: it counts as none.
  const wasStopped = isStopped()
  const kept = surveys.map((survey) =>
    wasStopped && survey.measurement?.complete === false ? { ...survey, measurement: null } : survey,
  )
  post({
    kind: 'done',
    report: reportOf(model, kept),
    exact: kept.every(({ measurement }) => measurement?.exact !== false),
    wasStopped,
  })
  if (request.measure && !wasStopped) post({ kind: 'ways', ways: waysOf(model, kept) })
}

/** What docker's prune commands would give back, for the roots on which they can be simulated. */
function waysOf(model: Model, surveys: readonly Survey[]): RootWays[] {
  const catalog = createCatalog(model, surveys)
  return model.roots.flatMap(({ path }) => {
    const simulator = Simulator.create(catalog, path, { nowMs: Date.now() })
    if (simulator === null) return []
    const ways = waysToFree(simulator).map(({ command, freedDisk, says }) => ({ command, freedDisk, says }))
    return ways.length === 0 ? [] : [{ root: path, ways }]
  })
}

/** Passes on the progress ten times a second at most, with the entries per second of the phase. */
function progressReporter(post: (message: ScanMessage) => void): (progress: ScanProgress) => void {
  let phase = ''
  let startedAtMs = 0
  let postedAtMs = 0
  return (progress) => {
    const nowMs = performance.now()
    if (`${progress.phase} ${progress.root}` !== phase) {
      phase = `${progress.phase} ${progress.root}`
      startedAtMs = nowMs
    } else if (nowMs - postedAtMs < PROGRESS_EVERY_MS) return
    postedAtMs = nowMs
    const seconds = (nowMs - startedAtMs) / 1000
    post({
      kind: 'progress',
      ...progress,
      filesPerSecond: seconds > 0.2 ? Math.round(progress.files / seconds) : 0,
    })
  }
}

if (parentPort !== null) {
  const port = parentPort
  try {
    run(workerData as ScanRequest, (message) => port.postMessage(message))
  } catch (error) {
    if (!(error instanceof RootError)) throw error
    port.postMessage({ kind: 'failed', message: error.message, hint: error.hint } satisfies ScanMessage)
  }
}
