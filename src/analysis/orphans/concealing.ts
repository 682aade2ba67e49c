import type { Finding } from '../../model/findings.ts'
import type { Model } from '../../model/model.ts'

/** A defect after which an owner may exist that nobody could read: what it is, and where an owner may be hidden by it. */
export interface Concealing {
  readonly at: string
  readonly message: string
}

/** Everything of a root that may hide an owner. */
export const concealingOf = (model: Model, root: string): Concealing[] =>
  model.findings.flatMap((finding) =>
    finding.root === root && CONCEALS.has(finding.code) && finding.path !== null
      ? [{ at: hiddenBy(finding, finding.path), message: finding.message }]
      : [],
  )

/** An image whose layer has no record hides whose the files of that layer are. */
const hiddenBy = ({ code }: Finding, path: string): string =>
  code === 'image-layer-missing' ? path.replace(/\/imagedb\/content\/.*$/, '/layerdb/sha256') : path

const CONCEALS: ReadonlySet<Finding['code']> = new Set([
  'unreadable',
  'io-error',
  'not-a-regular-file',
  'symlink-not-followed',
  'file-too-large',
  'layer-damaged',
  'layer-parent-missing',
  'mount-damaged',
  'container-mount-missing',
  'records-missing',
  'database-damaged',
  'database-older-state',
  'database-inconsistent',
  'image-config-damaged',
  'image-layer-missing',
  'image-record-damaged',
  'container-config-damaged',
  'unsafe-name',
  'scan-cancelled',
])
