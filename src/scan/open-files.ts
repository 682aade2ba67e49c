import { readdirSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs'
import type { DeletedFile } from '../model/model.ts'

const DELETED = ' (deleted)'

/**
 * The deleted files below a root that processes of this host still hold open: `du` no longer sees them, the file
 * system still counts them. Covers the processes whose descriptors this user may see.
 */
export function findDeletedFiles(root: string, location: string, proc = '/proc'): DeletedFile[] {
  const files = new Map<string, DeletedFile & { processes: DeletedFile['processes'][number][] }>()
  for (const pid of list(proc).filter((name) => /^\d+$/.test(name)))
    for (const descriptor of list(`${proc}/${pid}/fd`)) {
      const link = `${proc}/${pid}/fd/${descriptor}`
      const target = attempt(() => readlinkSync(link))
      if (target === null || !target.endsWith(DELETED) || !target.startsWith(`${location}/`)) continue
      // The link of a descriptor leads to the open file itself, which has no other name any more.
      const stats: Stats | null = attempt(() => statSync(link))
      if (stats === null || stats.nlink > 0 || !stats.isFile()) continue
      const key = `${stats.dev}:${stats.ino}`
      const known = files.get(key)
      const holder = describeProcess(proc, pid)
      if (known === undefined)
        files.set(key, {
          root,
          path: target.slice(location.length + 1, -DELETED.length),
          sizeBytes: stats.size,
          diskBytes: stats.blocks * 512,
          processes: [holder],
        })
      else if (!known.processes.some((each) => each.pid === holder.pid)) known.processes.push(holder)
    }
  return [...files.values()].sort((a, b) => b.diskBytes - a.diskBytes || (a.path < b.path ? -1 : 1))
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
