import type { DockerCommand } from './command.ts'
import { parseDockerCommand } from './parse-command.ts'
import type { Simulator } from './simulator.ts'
import { leadingOut } from './warnings.ts'

/** One of docker's prune commands, with what it gives back and what docker would say of it. */
export interface WayToFree {
  readonly command: string
  readonly parsed: DockerCommand
  /** Bytes that the disk gets back; null where nothing was measured. */
  readonly freedDisk: number | null
  /** The reclaimed space that docker would print; null where it would print none. */
  readonly says: number | null
  /** Why it should not be run before something is repaired; null where nothing speaks against it. */
  readonly warning: string | null
}

const COMMANDS = [
  'docker builder prune',
  'docker builder prune -a',
  'docker image prune',
  'docker container prune',
  'docker image prune -a',
  'docker volume prune',
  'docker system prune',
  'docker system prune -a',
  'docker system prune -a --volumes',
]

/** Each of docker's prune commands, alone, side by side. Old engines have none. */
export function waysToFree(simulator: Simulator): WayToFree[] {
  if (simulator.rules.rule === 'legacy') return []
  const { catalog, root } = simulator.ground
  const [against] = leadingOut(catalog.model, root)
  return COMMANDS.map((command) => {
    const parsed = parseDockerCommand(command.split(' '), simulator.rules)
    const { freed, reclaimed, warnings } = simulator.simulate([parsed])
    const warning = (against ?? warnings[0])?.message ?? null
    return { command, parsed, freedDisk: freed.disk, says: reclaimed, warning }
  })
}
