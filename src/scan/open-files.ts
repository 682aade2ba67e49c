import { readdirSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs'
import { nameOfBytes } from '../formats/byte-name.ts'
import type { DeletedFile } from '../model/model.ts'
import { OpenFilePlaces } from './open-file-place.ts'

const DELETED = ' (deleted)'

/**
 * The deleted files below a root that processes of this host still hold open, those in containers too: `du` no longer
 * sees them, the file system still counts them. Covers the processes whose descriptors this user may see.
 */
export function findDeletedFiles(root: string, location: string, proc = '/proc'): DeletedFile[] {
  const files = new Map<string, DeletedFile & { processes: DeletedFile['processes'][number][] }>()
  const places = new OpenFilePlaces(location, proc)
  for (const pid of list(proc).filter((name) => /^\d+$/.test(name)))
    for (const descriptor of list(`${proc}/${pid}/fd`)) {
      const link = `${proc}/${pid}/fd/${descriptor}`
      const target = attempt(() => nameOfBytes(readlinkSync(link, { encoding: 'buffer' })))
      if (target === null || !target.endsWith(DELETED)) continue
      // The link of a descriptor leads to the open file itself, which has no other name any more.
      const stats: Stats | null = attempt(() => statSync(link))
      if (stats === null || stats.nlink > 0 || !stats.isFile()) continue
      const path = places.find(pid, descriptor, target.slice(0, -DELETED.length))
      if (path === null) continue
      // Through an overlay the file has the number that it has without, but another device.
      const keys = [`${stats.dev}:${stats.ino}`, `${stats.ino} ${path}`]
      const known = keys.map((key) => files.get(key)).find((file) => file !== undefined)
      const holder = describeProcess(proc, pid)
      if (known === undefined) {
        const { size: sizeBytes, blocks } = stats
        const file = { root, path, sizeBytes, diskBytes: blocks * 512, processes: [holder] }
        for (const key of keys) files.set(key, file)
      } else if (!known.processes.some((each) => each.pid === holder.pid)) known.processes.push(holder)
    }
  return [...new Set(files.values())].sort((a, b) => b.diskBytes - a.diskBytes || (a.path < b.path ? -1 : 1))
}

function describeProcess(proc: string, pid: string): DeletedFile['processes'][number] {
  const command = attempt(() => readFileSync(`${proc}/${pid}/comm`, 'utf8').trim()) ?? ''
  const groups = attempt(() => readFileSync(`${proc}/${pid}/cgroup`, 'utf8')) ?? ''
  return { pid: Number(pid), command, container: /[0-9a-f]{64}/.exec(groups)?.[0] ?? null }
}

const list = (path: string): string[] => attempt(() => readdirSync(path)) ?? []

function attempt<T>(action: () => T): T | null {
  try {
    return action()
  } catch {
    return null
  }
}
