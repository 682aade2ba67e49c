import { type Collector, createCollector } from '../layouts/collector.ts'
import { layoutOf } from '../layouts/layouts.ts'
import type { Finding } from '../model/findings.ts'
import type { Survey } from '../model/places.ts'
import { type Job, openSource, readRoots } from './read-roots.ts'
import type { ScanEvents } from './scan-events.ts'
import { keepOfLayersThatLast, keepWhatLasts, needsSecondLook } from './second-look.ts'
import { divideUnlessCancelled } from './survey-root.ts'

/** At least this long lies between two looks at a root on which an engine works. */
const APART_MS = 300

/** Where engines are at work, reads the records once more, and says only what is said both times. */
export function settle(
  collector: Collector,
  found: Finding[],
  surveys: readonly Survey[],
  jobs: readonly Job[],
  readAtMs: number,
  events: ScanEvents,
): readonly Survey[] {
  const doubtful = surveys.filter((each) =>
    needsSecondLook({ model: collector, strays: each.strays }, found, each.root),
  )
  if (doubtful.length === 0) return surveys
  const wait = APART_MS - (Date.now() - readAtMs)
  if (wait > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait)
  const second = createCollector()
  if (!readRoots(second, jobs, events)) return surveys
  keepOfLayersThatLast(found, second)
  return surveys.map((survey) => {
    const job = jobs.find(({ path }) => path === survey.root)
    if (job === undefined || !doubtful.includes(survey)) return survey
    const again = openSource(second.findings, job, events)
    const division = divideUnlessCancelled(again, layoutOf(again), second)
    const source = openSource(collector.findings, job, events)
    return division === null
      ? survey
      : keepWhatLasts(collector, survey, { model: second, strays: division.strays }, source)
  })
}
