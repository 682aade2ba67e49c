import { parentPort, workerData } from 'node:worker_threads'
import { type Catalog, createCatalog } from '../analysis/catalog.ts'
import { type ReportParts, reportParts } from '../report/report.ts'
import { fileSystemAt } from '../scan/file-system.ts'
import { RootError } from '../scan/root-error.ts'
import { openSample } from '../scan/sample.ts'
import { scan, scanTrees } from '../scan/scan.ts'
import type { ScanEvents, ScanProgress } from '../scan/scan-events.ts'
import { answerQuestion } from './answers/answer.ts'
import { createScanned, type Scanned } from './answers/scanned.ts'
import type { RootFileSystem } from './events.ts'
import type { Question } from './questions.ts'
import { inParts, type PostedMessage, type ScanRequest } from './scan-messages.ts'

const PROGRESS_EVERY_MS = 100

/** Scans in a thread of its own, so that the disk never holds up the keys: first the recorded facts, then the measured. */
function run(request: ScanRequest, post: (message: PostedMessage) => void): Scanned {
  const stop = new Int32Array(request.stop)
  const isStopped = (): boolean => Atomics.load(stop, 0) !== 0
  const reportOf = (catalog: Catalog, isReadWhole = true): ReportParts =>
    reportParts(catalog, {
      version: request.version,
      generatedAt: new Date().toISOString(),
      isReadWhole,
    })
  const postInParts = (message: Parameters<typeof inParts>[0]): void => {
    for (const part of inParts(message)) post(part)
  }
  const report = progressReporter(post)
  const events: ScanEvents = {
    onProgress(progress) {
      report(progress)
      return !isStopped()
    },
    // Of half of the records only the end of the scan tells, which knows that they are half.
    onModel: (model) =>
      isStopped() || postInParts({ kind: 'recorded', report: reportOf(createCatalog(model, [])) }),
  }
  const options = { measure: request.measure }
  if (!request.sample) post({ kind: 'file-systems', fileSystems: fileSystemsOf(request.roots) })
  const { model, surveys, isReadWhole } = request.sample
    ? scanTrees(openSample(), options, events)
    : scan(request.roots, options, events)
  if (!isReadWhole) {
    const read = createCatalog(model, [])
    postInParts({ kind: 'stopped-reading', report: reportOf(read, false) })
    return createScanned(read, request.sample)
  }
  // Half a measurement would show objects as smaller than they are: it counts as none.
  const wasStopped = isStopped()
  const kept = surveys.map((survey) =>
    wasStopped && survey.measurement?.complete === false ? { ...survey, measurement: null } : survey,
  )
  const catalog = createCatalog(model, kept)
  postInParts({
    kind: 'done',
    report: reportOf(catalog),
    exact: kept.every(({ measurement }) => measurement?.exact !== false),
    wasStopped,
  })
  return createScanned(catalog, request.sample)
}

const fileSystemsOf = (roots: readonly string[]): RootFileSystem[] =>
  roots.flatMap((path) => {
    const fileSystem = fileSystemAt(path)
    return fileSystem === null ? [] : [{ path, fileSystem }]
  })

/** Passes on the progress ten times a second at most, with the entries per second of the phase. */
function progressReporter(post: (message: PostedMessage) => void): (progress: ScanProgress) => void {
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
  const post = (message: PostedMessage): void => port.postMessage(message)
  try {
    const scanned = run(workerData as ScanRequest, post)
    // What was asked meanwhile comes now; the thread lives until the program ends it.
    port.on('message', (question: Question) => post(answerQuestion(scanned, question)))
  } catch (error) {
    if (!(error instanceof RootError)) throw error
    post({ kind: 'failed', message: error.message, hint: error.hint })
  }
}
