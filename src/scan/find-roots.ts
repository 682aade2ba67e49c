import { readFileSync, realpathSync, statSync } from 'node:fs'
import fastGlob from 'fast-glob'
import { isObject, text } from '../formats/fields.ts'
import { parseJsonBounded } from '../formats/go-json.ts'

const DEFAULT_ROOTS = ['/var/lib/docker', '/var/snap/docker/common/var-lib-docker']
const ROOTLESS_ROOTS = ['/home/*/.local/share/docker', '/root/.local/share/docker']
const DAEMON_CONFIGS = ['/etc/docker/daemon.json', '/var/snap/docker/current/config/daemon.json']

/** The data roots of this host: the configured ones first, then the usual places, then those of rootless engines. */
export function findHostRoots(): string[] {
  const candidates = [
    ...DAEMON_CONFIGS.flatMap(configuredRoot),
    ...DEFAULT_ROOTS,
    ...rootlessRoot(),
    ...fastGlob.sync(ROOTLESS_ROOTS, { onlyDirectories: true, suppressErrors: true }).sort(),
  ]
  return unique(candidates.flatMap((root) => [root, ...remappedRoots(root)]))
}

/** `data-root`, called `graph` before 17.05. */
function configuredRoot(config: string): string[] {
  try {
    const parsed = parseJsonBounded(readFileSync(config, 'utf8'))
    if (!parsed.ok || !isObject(parsed.value)) return []
    const root = text(parsed.value, 'data-root') || text(parsed.value, 'graph')
    return root === '' ? [] : [root]
  } catch {
    return []
  }
}

function rootlessRoot(): string[] {
  const home =
    process.env['XDG_DATA_HOME'] ?? (process.env['HOME'] ? `${process.env['HOME']}/.local/share` : '')
  return home === '' ? [] : [`${home}/docker`]
}

/** With userns-remap a complete second root lies in `<root>/<uid>.<gid>`. */
const remappedRoots = (root: string): string[] =>
  fastGlob
    .sync('+([0-9]).+([0-9])', { cwd: root, onlyDirectories: true, absolute: true, suppressErrors: true })
    .sort()

/** Existing directories, each once, whatever links lead to it. */
function unique(candidates: readonly string[]): string[] {
  const seen = new Set<string>()
  const roots: string[] = []
  for (const candidate of candidates) {
    const real = realDirectory(candidate)
    if (real === null) continue
    if (!seen.has(real)) roots.push(candidate)
    seen.add(real)
  }
  return roots
}

/** The directory that a path leads to; null where it leads to none that can be seen. */
function realDirectory(path: string): string | null {
  try {
    const real = realpathSync(path)
    return statSync(real).isDirectory() ? real : null
  } catch {
    return null
  }
}
