import type { EngineVersion } from '../../model/model.ts'
import type { Source } from '../source.ts'

/** The version rules that a root shows by what lies in it: newest evidence first. */
const EVIDENCE: readonly { path: string; rule: EngineVersion['rule']; since: string }[] = [
  // The build history came with 23, the engine's id moved into the root with 24.
  { path: 'engine-id', rule: '23', since: 'Docker 24' },
  { path: 'buildkit/history.db', rule: '23', since: 'Docker 23' },
  { path: 'buildkit/history_c8d.db', rule: '23', since: 'Docker 23' },
]

/** Tells by which version's rules the figures of this root are to be computed, and what shows it. */
export function detectEngine(
  source: Source,
  hasLayerdb: boolean,
  containerdSchema: number | null,
): EngineVersion {
  if (!hasLayerdb)
    return { rule: 'legacy', why: 'there is no image/ directory: the layout of Docker before 1.10' }
  // Docker came with containerd 1.7 up to 28, and with containerd 2 since; which of 28 and 29 it was, nothing shows.
  if (containerdSchema !== null && containerdSchema >= 4)
    return {
      rule: '28',
      why: 'the database of its containerd is that of containerd 2: Docker 28 or 29, and nothing shows which',
    }
  for (const { path, rule, since } of EVIDENCE)
    if (source.stat(path) !== null) return { rule, why: `${path} exists: written by ${since} or later` }
  return {
    rule: '20.10',
    why: 'neither engine-id nor buildkit/history.db exists: written by Docker 20.10 or earlier',
  }
}
