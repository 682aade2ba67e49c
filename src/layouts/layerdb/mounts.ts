import { isPlainName, parseDigest } from '../../model/ids.ts'
import type { Source } from '../source.ts'
import { describeContent, reportUnsafeName } from './records.ts'

/** One directory of `layerdb/mounts`: the writable layer of a container, or of a build step. */
export interface MountRecord {
  readonly name: string
  readonly mountId: string | null
  readonly initId: string | null
  readonly parent: string | null
  /** False where an id that it needs is damaged: the engine passes over it (layer/filestore.go, GetMountID and GetInitID). */
  readonly loaded: boolean
}

const MOUNT_ID = /^[a-f0-9]{64}(-init)?$/
// BuildKit mounts its own snapshots under their own names.
const BUILD_MOUNT_ID = /^[a-z0-9]{25}(-init)?$/

/** Reads `layerdb/mounts`. An id that is damaged is null. */
export function readMounts(source: Source, layerdb: string, driverHome: string): Map<string, MountRecord> {
  const mounts = new Map<string, MountRecord>()
  for (const entry of source.list(`${layerdb}/mounts`)) {
    const path = `${layerdb}/mounts/${entry.name}`
    const subject = { kind: 'container', id: entry.name } as const
    const damaged = (file: string, problem: string): null => {
      source.report({
        code: 'mount-damaged',
        subject,
        path: `${path}/${file}`,
        message: `The file ${file} of the writable layer of ${entry.name} ${problem}. The engine does not list this container, and its files stay on the disk.`,
      })
      return null
    }
    const read = (file: string, required: boolean): string | null => {
      const content = source.text(`${path}/${file}`)
      if (content.ok) return content.value.trim()
      if (content.code === 'missing') return required ? damaged(file, 'is missing') : null
      source.reportFailure(content, {
        code: 'mount-damaged',
        subject,
        path: `${path}/${file}`,
        message: `The file ${file} of the writable layer of ${entry.name} ${content.problem}.`,
      })
      return null
    }
    const driverId = (file: string, required: boolean): string | null => {
      const id = read(file, required)
      if (id === null || MOUNT_ID.test(id) || BUILD_MOUNT_ID.test(id)) return id
      if (id !== '' && !isPlainName(id) && !/^\0+$/.test(id))
        reportUnsafeName(source, {
          path: `${path}/${file}`,
          subject,
          says: id,
          driverHome,
          removedBy: 'docker rm, docker container prune or docker system prune',
        })
      return damaged(file, describeContent(id, 'a driver id'))
    }
    const parent = read('parent', false)
    const mountId = driverId('mount-id', true)
    const initId = driverId('init-id', false)
    const hasInit = source.stat(`${path}/init-id`) !== null
    mounts.set(entry.name, {
      name: entry.name,
      mountId,
      initId,
      loaded: mountId !== null && !(initId === null && hasInit),
      parent:
        parent === null
          ? null
          : (parseDigest(parent) ?? damaged('parent', describeContent(parent, 'a sha256 digest'))),
    })
  }
  return mounts
}
