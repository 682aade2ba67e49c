import type { LogFile } from '../../model/model.ts'
import type { Source } from '../source.ts'

/** The log files of a container, rotated and compressed ones included, as they lie in its directory. */
export function readLogs(
  source: Source,
  directory: string,
  id: string,
): { logs: LogFile[]; names: Set<string> } {
  const names = new Set<string>()
  const logs: LogFile[] = []
  for (const entry of source.list(directory)) {
    names.add(entry.name)
    if (entry.kind === 'file' && isJsonLog(entry.name, id)) logs.push({ path: `${directory}/${entry.name}` })
  }
  if (names.has('local-logs'))
    for (const entry of source.list(`${directory}/local-logs`))
      if (entry.kind === 'file' && /^container\.log(\.\d+)?(\.gz)?$/.test(entry.name))
        logs.push({ path: `${directory}/local-logs/${entry.name}` })
  return { logs, names }
}

/** `<id>-json.log`, rotated `.1`, compressed `.1.gz`; up to 0.5 `<id>-stdout.log` and `-stderr.log`. */
function isJsonLog(name: string, id: string): boolean {
  if (!name.startsWith(`${id}-`)) return false
  return /^(json\.log(\.\d+)?(\.gz)?|stdout\.log|stderr\.log)$/.test(name.slice(id.length + 1))
}

/**
 * Says whether a recorded log path lies where the engine puts logs. The path names the place where the root stood
 * when it was written, so only its end can be compared.
 */
export function isOwnLogPath(path: string, id: string): boolean {
  if (path.split('/').includes('..')) return false
  return (
    path.endsWith(`/containers/${id}/${id}-json.log`) ||
    path.endsWith(`/containers/${id}/local-logs/container.log`)
  )
}
