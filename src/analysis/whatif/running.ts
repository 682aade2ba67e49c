import type { Container } from '../../model/model.ts'

/** Whether a container counts as running as its config says, or as it would once the engine has started. */
export type Basis = 'recorded' | 'started'

/** Whether the config says that it runs; a paused or restarting container also does. */
export const isRecordedRunning = ({ state }: Container): boolean =>
  state === 'running' || state === 'paused' || state === 'restarting'

/** Whether an engine that starts would start this container again (20.10: daemon.go restore, restartmanager.go). */
export function wouldStart(container: Container): boolean {
  if (!container.startedBefore) return false
  switch (container.restartPolicy) {
    case 'always':
      return true
    case 'unless-stopped':
      return !container.stoppedByHand
    case 'on-failure': {
      // One that is recorded as running was killed with its engine, which counts as a failure.
      const failed = container.exitCode !== 0 || isRecordedRunning(container)
      const { maximumRetries, restartCount } = container
      return failed && (maximumRetries === 0 || restartCount < maximumRetries)
    }
    default:
      return false
  }
}

/** The ids of the containers that run, with those that the caller says run. */
export const runningContainers = (
  containers: Iterable<Container>,
  basis: Basis,
  assumed: ReadonlySet<string>,
): Set<string> =>
  new Set(
    [...containers]
      .filter(
        (container) =>
          assumed.has(container.id) ||
          (basis === 'recorded' ? isRecordedRunning(container) : wouldStart(container)),
      )
      .map((container) => container.id),
  )

/** Which basis fits a root, and why: the truth is what a docker command would meet when it is given. */
export function chooseBasis(
  engineRunning: boolean | null,
  containers: Iterable<Container>,
): { basis: Basis; why: string } {
  if (engineRunning === true) return { basis: 'recorded', why: 'an engine runs on this root' }
  if (engineRunning === null && [...containers].some(isRecordedRunning))
    return { basis: 'recorded', why: 'some containers are recorded as running' }
  return {
    basis: 'started',
    why: 'no engine runs here now, and one that starts first starts containers again by their restart policy',
  }
}
