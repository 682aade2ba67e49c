import { readdirSync, readFileSync } from 'node:fs'
import fastGlob from 'fast-glob'
import { isObject, text } from '../formats/fields.ts'
import { parseJsonBounded } from '../formats/go-json.ts'
import { directoryIdentity } from './same-directory.ts'
import { configuredStores } from './storage-conf.ts'

const DOCKER_ROOTS = ['/var/lib/docker', '/var/snap/docker/common/var-lib-docker']
const OTHER_ROOTS = [
  '/var/lib/containerd',
  '/var/lib/rancher/k3s/agent/containerd',
  '/var/lib/rancher/rke2/agent/containerd',
  '/var/lib/k0s/containerd',
  '/var/snap/microk8s/common/var/lib/containerd',
  '/var/lib/containers/storage',
]
const DATA_HOMES = ['/home/*/.local/share', '/root/.local/share']
const DAEMON_CONFIGS = ['/etc/docker/daemon.json', '/var/snap/docker/current/config/daemon.json']

/** Settings that name a root, in files of the TOML format. */
const TOML_SETTINGS: readonly (readonly [file: string, setting: RegExp])[] = [
  ['/etc/containerd/config.toml', /^\s*root\s*=\s*["']([^"']+)["']/m],
  ['/etc/crio/crio.conf', /^\s*root\s*=\s*["']([^"']+)["']/m],
]

/** The data roots of this host: the configured ones first, then the usual places, then those of rootless engines. */
export function findHostRoots(): string[] {
  const docker = [...DAEMON_CONFIGS.flatMap(configuredRoot), ...DOCKER_ROOTS, ...rootless('docker')]
  const others = [
    ...TOML_SETTINGS.flatMap(settingIn),
    ...configuredStores(),
    ...OTHER_ROOTS,
    ...rootless('containerd'),
    ...rootless('containers/storage'),
  ]
  // Packages make the others' directories on hosts that never use them.
  const used = unique([
    ...docker.flatMap((root) => [root, ...remappedRoots(root)]),
    ...others.filter(holdsAnything),
  ])
  return used.length > 0 ? used : unique(others)
}

/** Whether a directory can be listed and is not empty. */
function holdsAnything(root: string): boolean {
  try {
    return readdirSync(root).length > 0
  } catch {
    return false
  }
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

function settingIn([file, setting]: readonly [string, RegExp]): string[] {
  try {
    const root = setting.exec(readFileSync(file, 'utf8'))?.[1]
    return root === undefined ? [] : [root]
  } catch {
    return []
  }
}

/** Where engines without root keep a directory of that name: this user's first, then everyone's. */
function rootless(name: string): string[] {
  const home =
    process.env['XDG_DATA_HOME'] ?? (process.env['HOME'] ? `${process.env['HOME']}/.local/share` : '')
  const everyone = DATA_HOMES.map((directory) => `${directory}/${name}`)
  return [
    ...(home === '' ? [] : [`${home}/${name}`]),
    ...fastGlob.sync(everyone, { onlyDirectories: true, suppressErrors: true }).sort(),
  ]
}

/** With userns-remap a complete second root lies in `<root>/<uid>.<gid>`. */
const remappedRoots = (root: string): string[] =>
  fastGlob
    .sync('+([0-9]).+([0-9])', { cwd: root, onlyDirectories: true, absolute: true, suppressErrors: true })
    .sort()

/** Existing directories, each once, whatever links and bind mounts lead to it. */
function unique(candidates: readonly string[]): string[] {
  const seen = new Set<string>()
  const roots: string[] = []
  for (const candidate of candidates) {
    const identity = directoryIdentity(candidate)
    if (identity === null) continue
    if (!seen.has(identity)) roots.push(candidate)
    seen.add(identity)
  }
  return roots
}
