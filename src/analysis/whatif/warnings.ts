import type { Finding } from '../../model/findings.ts'
import type { DockerCommand } from './command.ts'
import type { State } from './state.ts'

/** What has to be read before the command is run. */
export interface Warning {
  readonly code: string
  readonly message: string
  readonly hint: string | null
}

/** The findings by which this very command would do harm, or something else than is shown; the gravest first. */
export function warningsFor(state: State, commands: readonly DockerCommand[]): Warning[] {
  const { root, catalog } = state.ground
  const findings = catalog.model.findings.filter((finding) => finding.root === root)
  const takesVolumes = state.removedVolumes.size > 0
  const takesImages = state.removedImages.size > 0 || state.untagged.length > 0
  return [
    ...findings.filter((finding) => leadsOut(state, finding)),
    ...findings.filter(({ code }) => code === 'repositories-damaged' && touchesImages(commands)),
    ...findings.filter(
      ({ code, subject }) =>
        code === 'container-config-damaged' &&
        catalog.model.unreadableContainers.some(({ id }) => id === subject?.id) &&
        (takesVolumes || takesImages),
    ),
    ...findings.filter(({ code }) => code === 'volume-record-damaged' && takesVolumes),
    ...findings.filter(({ code }) => code === 'database-damaged' && commands.some(readsDatabases)),
  ].map(({ code, message, hint }) => ({ code, message, hint }))
}

/** Whether something that goes would take with it what lies outside the engine's directory. */
function leadsOut(state: State, { code, subject }: Finding): boolean {
  if (code !== 'unsafe-name' || subject === null) return false
  switch (subject.kind) {
    case 'layer':
      return state.removedLayers.has(subject.id)
    case 'container':
      return state.removedContainers.has(subject.id)
    case 'cache-record':
      return state.removedRecords.has(subject.id)
    default:
      return false
  }
}

const touchesImages = (commands: readonly DockerCommand[]): boolean =>
  commands.some(({ kind }) => kind === 'rmi' || kind === 'image-prune' || kind === 'system-prune')

const readsDatabases = ({ kind }: DockerCommand): boolean =>
  kind === 'cache-prune' || kind === 'system-prune' || kind === 'network-prune' || kind === 'volume-prune'
