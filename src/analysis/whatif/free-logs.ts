import type { Simulator } from './simulator.ts'
import type { State } from './state.ts'

/** A log file that can be emptied while its container runs. */
export interface EmptiableLog {
  readonly path: string
  readonly container: string
  readonly disk: number
  readonly content: number
}

/** Below this a log is not worth a command. */
const WORTH_BYTES = 64 * 1024

/**
 * The plain json-file logs of the containers that are left, largest first. The engine appends to them, so emptying one
 * is safe; the files of the driver `local` are not to be touched from outside.
 */
export function emptiableLogs(simulator: Simulator, state: State): EmptiableLog[] {
  const { catalog, root } = simulator.ground
  const logs = state.containers().flatMap((container) =>
    container.logs.flatMap(({ path }): EmptiableLog[] => {
      const size = catalog.sizes.total(root, path)
      if (size === null || !path.endsWith('-json.log') || size.diskBytes < WORTH_BYTES) return []
      return [
        {
          path: `${root}/${path}`,
          container: container.name || container.id.slice(0, 12),
          disk: size.diskBytes,
          content: size.contentBytes,
        },
      ]
    }),
  )
  return logs.sort((a, b) => b.disk - a.disk || (a.path < b.path ? -1 : 1))
}
