import type { EngineRule } from '../../model/model.ts'
import type { Outcome, Simulator } from './simulator.ts'

const HELD_AGAINST_ENGINES: ReadonlySet<EngineRule> = new Set(['20.10', '26', '28'])

/** What the answer leaves out, in sentences; first what is to be known of one outcome. */
export function notSimulated({ ground, rules, measured }: Simulator, outcome?: Outcome): string[] {
  const { catalog, root } = ground
  const isRunning = catalog.model.roots.find(({ path }) => path === root)?.engineRunning === true
  return [
    ...(outcome?.state.remarks ?? []),
    ...(HELD_AGAINST_ENGINES.has(rules.rule) || rules.rule === 'legacy' || ground.collection !== null
      ? []
      : [
          `The rules of ${rules.rule} follow its source; those of 20.10, 26 and 28 were held against real engines.`,
        ]),
    ...(ground.collection === null
      ? []
      : [
          'Docker says only what its own blobs took; the disk gets back what no image, container, lease or build then reaches in containerd, which containerd removes a moment later. The rules were held against 26.1 and 28.5.',
        ]),
    ...(rules.rule === 'legacy'
      ? ['The rules are those of Docker 1.8 and 1.9; older engines differ in what they refuse.']
      : []),
    ...(isRunning ? ['An engine runs here: what it does after this reading is not in the answer.'] : []),
    ...(ground.records.size > 0
      ? [
          "BuildKit's databases never shrink: they grow while records are removed (by up to 130 kB where it was measured), and the disk gets back that much less. What a running build uses stays.",
        ]
      : []),
    ...(measured ? [] : ['Nothing was measured, so what the disk gets back is not known.']),
    'Not looked at: prune filters of the user (config.json), networks and volumes of a swarm, volumes of plugins.',
  ]
}
