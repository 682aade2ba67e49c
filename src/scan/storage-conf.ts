import { readFileSync } from 'node:fs'
import fastGlob from 'fast-glob'

/** Configurations of containers/storage: that of packages, the host's, this user's, everyone's. */
const CONFIGS = [
  '/usr/share/containers/storage.conf',
  '/etc/containers/storage.conf',
  '/root/.config/containers/storage.conf',
]
const EVERYONES_CONFIGS = '/home/*/.config/containers/storage.conf'

/** The stores that the configurations of podman, buildah and CRI-O on this host name. */
export function configuredStores(): string[] {
  const own = process.env['CONTAINERS_STORAGE_CONF']
  const home = process.env['XDG_CONFIG_HOME'] ?? `${process.env['HOME'] ?? ''}/.config`
  const everyones = fastGlob.sync(EVERYONES_CONFIGS, { suppressErrors: true }).sort()
  return [
    ...(own === undefined ? [] : [own]),
    `${home}/containers/storage.conf`,
    ...CONFIGS,
    ...everyones,
  ].flatMap((file) => {
    try {
      return storesNamedIn(readFileSync(file, 'utf8'))
    } catch {
      return []
    }
  })
}

/**
 * The stores that a configuration names, its own first, then the read-only ones that are looked into beside it. Paths with
 * variables in them are left out: whose they are is not known here.
 */
export function storesNamedIn(config: string): string[] {
  const settings = config.replace(/^\s*#.*$/gm, '')
  const own = ['graphroot', 'rootless_storage_path'].flatMap(
    (key) => new RegExp(`^\\s*${key}\\s*=\\s*(["'])(.*?)\\1`, 'm').exec(settings)?.[2] ?? [],
  )
  const list = /^\s*additionalimagestores\s*=\s*\[([^\]]*)\]/m.exec(settings)?.[1] ?? ''
  const additional = [...list.matchAll(/(["'])(.*?)\1/g)].map((match) => match[2] ?? '')
  return [...own, ...additional].filter((path) => path.startsWith('/') && !path.includes('$'))
}
