import type { EngineRule, Image, OtherEngine, PodmanRule } from '../model/model.ts'
import { less, sumOf } from './sums.ts'
import { ruleOfVersion } from './whatif/rules.ts'

/** What differs between docker's versions in the figures of `system df`, as data (disk_usage.go, image_df.go). */
export interface SummaryRules {
  readonly rule: EngineRule
  /** How the rules are called where they are shown: the oldest version that has them. */
  readonly name: string
  /** What can be reclaimed of images: all but what used ones hold alone, all but what unused ones do, or the latter. */
  readonly reclaimable: 'not-of-used' | 'not-of-unused' | 'of-unused'
  /** Whether the size of the build cache has the shared records in it. */
  readonly withSharedCache: boolean
  /** What counts where containerd holds the images; blobs do from 28.2 on. */
  readonly inContainerd: 'snapshots' | 'snapshots-and-blobs' | 'snapshots-of-images-and-blobs'
  /** Whether a blob of several images is shared, and not a snapshot alone. */
  readonly sharesBlobs: boolean
  /** Whether the size of an image in containerd has the attestations about it in it (seen not to be so with 26.1). */
  readonly countsAttestations: boolean
  /** Whether a manifest that an index names twice counts twice there (28.5), or once (26.1). */
  readonly countsRepeats: boolean
}

/** Whether a rule is one of docker's versions. */
export const isDockersRule = (rule: EngineRule | OtherEngine): rule is EngineRule =>
  rule !== 'containerd' && !isPodmansRule(rule)

/** Whether a rule is one of podman's versions. */
export const isPodmansRule = (rule: EngineRule | OtherEngine): rule is PodmanRule => rule.startsWith('podman')

/** Of the versions before 29, as far as nothing else is asked for. */
export const usualRules = (rule: EngineRule): SummaryRules => ({
  rule,
  name: rule,
  reclaimable: 'not-of-used',
  withSharedCache: false,
  inContainerd: isLate(rule) ? 'snapshots-and-blobs' : 'snapshots',
  sharesBlobs: false,
  countsAttestations: isLate(rule),
  countsRepeats: isLate(rule),
})

const isLate = (rule: EngineRule): boolean => rule === '28' || rule === '29'

/** The steps within 27 to 29, newest first; a version without its second number is the newest of its kind. */
const STEPS: readonly (readonly [since: readonly [number, number], change: Partial<SummaryRules>])[] = [
  [[29, 6], { inContainerd: 'snapshots-of-images-and-blobs', sharesBlobs: true, reclaimable: 'of-unused' }],
  [[29, 5], { sharesBlobs: true, reclaimable: 'of-unused' }],
  [[29, 4], { reclaimable: 'of-unused' }],
  [[29, 0], { reclaimable: 'not-of-unused' }],
  [[28, 2], {}],
  [[28, 0], { inContainerd: 'snapshots' }],
  // Between 26.1 and 28.5 no other change of how manifests are gone through is known.
  [[27, 2], { countsAttestations: true, countsRepeats: true }],
]

/** The rules of a version as a person writes it; null for one that is not known. */
export function summaryRulesOf(version: string): SummaryRules | null {
  const rule = ruleOfVersion(version)
  if (rule === null) return null
  const [major = 0, minor = Number.POSITIVE_INFINITY] = version.split('.').map(Number)
  const step = STEPS.find(
    ([[atMajor, atMinor]]) => major > atMajor || (major === atMajor && minor >= atMinor),
  )
  const usual = usualRules(rule)
  if (step === undefined) return usual
  const [since, change] = step
  return { ...usual, name: since.join('.'), withSharedCache: major >= 29, ...change }
}

/** RECLAIMABLE of the images; `alone` gives what docker says that no other image shares. Null where one is unknown. */
export function reclaimableBytes(
  images: {
    size: number | null
    listed: readonly Image[]
    active: ReadonlySet<Image>
    alone: (image: Image) => number | null
  },
  { reclaimable }: SummaryRules,
): number | null {
  const { size, listed, active, alone } = images
  const counted = listed.filter((image) => active.has(image) === (reclaimable === 'not-of-used'))
  const bytes = sumOf(counted.map(alone))
  return reclaimable === 'of-unused' ? bytes : less(size, bytes)
}

/** The digests of blobs that several of these images have. */
export function sharedBlobs(images: readonly Image[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const shared = new Set<string>()
  for (const { blobs } of images)
    for (const digest of blobs ?? []) {
      if (seen.has(digest)) shared.add(digest)
      seen.add(digest)
    }
  return shared
}
