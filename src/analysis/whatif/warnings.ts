import type { Finding } from '../../model/findings.ts'
import type { Model } from '../../model/model.ts'
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
    ...(takesVolumes || takesImages
      ? findings.filter((finding) => hidesContainer(catalog.model, finding))
      : []),
    ...findings.filter(({ code }) => code === 'volume-record-damaged' && takesVolumes),
    ...findings.filter((finding) => commands.some((command) => readsDatabase(command, finding))),
  ].map(asWarning)
}

/**
 * Why none of docker's removals is proposed on a root: an id there leads out of the engine's directory, and what removes
 * its object would delete something else of the host.
 */
export const leadingOut = ({ findings }: Model, root: string): Warning[] =>
  findings
    .filter((finding) => finding.root === root && finding.code === 'unsafe-name' && isOfEngine(finding))
    .map(asWarning)

const asWarning = ({ code, message, hint }: Finding): Warning => ({ code, message, hint })

const isOfEngine = ({ subject }: Finding): boolean =>
  subject?.kind === 'layer' || subject?.kind === 'container' || subject?.kind === 'cache-record'

/** Whether a finding says that a container cannot be read: then nobody knows which image and volumes it uses. */
function hidesContainer({ unreadableContainers }: Model, { root, subject, path }: Finding): boolean {
  return unreadableContainers.some(
    (each) =>
      each.root === root &&
      (each.id === ''
        ? path === 'containers'
        : subject?.kind === 'container' &&
          subject.id === each.id &&
          path?.startsWith(`containers/${each.id}/config`) === true),
  )
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

/** Whether a command goes by what stands in a database that is damaged. */
function readsDatabase({ kind }: DockerCommand, { code, path }: Finding): boolean {
  const isLost = code === 'database-damaged' || code === 'unreadable' || code === 'io-error'
  if (!isLost || path === null) return false
  if (!/\.db$/.test(path)) return false
  switch (kind) {
    case 'cache-prune':
      return path.startsWith('buildkit/') || isContainerds(path)
    case 'network-prune':
      return path.startsWith('network/')
    case 'volume-prune':
      return path.startsWith('volumes/')
    case 'image-prune':
    case 'rmi':
      return isContainerds(path)
    default:
      return kind === 'system-prune'
  }
}

const isContainerds = (path: string): boolean => path.includes('io.containerd.')
