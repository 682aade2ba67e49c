import type { Report } from './schema.ts'

/** From so many bytes on, or so large a part of all that lies there, logs are worth a line of advice. */
const LARGE_BYTES = 10_000_000
const LARGE_SHARE = 0.01

/** The bytes on disk of the container logs of docker's roots, where they are large; else null. */
export function largeLogs({ roots, ledger }: Report): number | null {
  if (!ledger.measured) return null
  const dockers = new Set(roots.flatMap(({ kind, path }) => (kind === 'docker' ? [path] : [])))
  const disk = ledger.entries
    .filter(({ category, root }) => category === 'container-logs' && dockers.has(root))
    .reduce((sum, entry) => sum + entry.disk, 0)
  return disk > LARGE_BYTES || disk > ledger.total.disk * LARGE_SHARE ? disk : null
}
