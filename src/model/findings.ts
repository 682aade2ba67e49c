export type Severity = 'error' | 'warning' | 'info'

interface FindingKind {
  readonly severity: Severity
  /** True where data could not be read, so that the report as a whole is incomplete. */
  readonly incomplete: boolean
}

const lost = { severity: 'error', incomplete: true } as const
const defect = { severity: 'error', incomplete: false } as const
const warning = { severity: 'warning', incomplete: false } as const
const note = { severity: 'info', incomplete: false } as const

/** Every finding that exists, how grave it is, and whether it means that something could not be read. */
export const FINDING_KINDS = {
  unreadable: lost,
  'io-error': lost,
  'not-a-regular-file': lost,
  'symlink-not-followed': lost,
  'unsafe-name': lost,
  'file-too-large': lost,
  'scan-cancelled': lost,
  'changed-during-scan': note,
  'mounted-apart': note,
  'repositories-damaged': lost,
  'repositories-missing': { severity: 'warning', incomplete: true },
  'reference-dangling': warning,
  'image-config-damaged': lost,
  'image-metadata-damaged': { severity: 'warning', incomplete: true },
  'image-history-malformed': warning,
  'image-records-missing': lost,
  'records-missing': lost,
  'image-layer-missing': defect,
  'image-system-unsupported': warning,
  'layer-damaged': lost,
  'layer-parent-missing': defect,
  'layer-parent-elsewhere': { severity: 'warning', incomplete: true },
  'layer-cycle': defect,
  'chain-id-mismatch': defect,
  'layer-data-missing': defect,
  'layer-data-shared': defect,
  'layer-size-unknown': warning,
  'layer-unreferenced': warning,
  'layer-removing': note,
  'layer-incomplete': defect,
  'image-record-damaged': lost,
  'blob-missing': defect,
  'blob-size-mismatch': defect,
  'snapshot-data-missing': defect,
  'collection-pending': note,
  'images-elsewhere': { severity: 'warning', incomplete: true },
  'leftover-temporary': note,
  'overlay-link-damaged': lost,
  'overlay-lower-damaged': lost,
  'overlay-lower-mismatch': defect,
  'overlay-link-missing': defect,
  'overlay-link-stale': warning,
  'overlay-link-duplicate': defect,
  'tar-split-damaged': defect,
  'layer-content-changed': defect,
  'mount-damaged': lost,
  'mount-without-container': warning,
  'container-config-damaged': lost,
  'container-hostconfig-damaged': { severity: 'warning', incomplete: true },
  'container-id-mismatch': defect,
  'container-image-missing': warning,
  'container-mount-missing': defect,
  'container-name-duplicate': warning,
  'volume-options-damaged': { severity: 'warning', incomplete: true },
  'volume-record-damaged': { severity: 'warning', incomplete: true },
  'volume-without-record': note,
  'volume-record-without-directory': note,
  'database-damaged': lost,
  'database-older-state': { severity: 'warning', incomplete: true },
  'database-inconsistent': { severity: 'warning', incomplete: true },
  'cache-parent-missing': warning,
  'cache-claim-without-record': warning,
  'filesystem-full': warning,
  'filesystem-inodes-full': warning,
} as const satisfies Record<string, FindingKind>

export type FindingCode = keyof typeof FINDING_KINDS

export interface Subject {
  readonly kind: 'root' | 'store' | 'image' | 'layer' | 'container' | 'volume' | 'cache-record' | 'reference'
  readonly id: string
}

/** A stated defect or warning. `path` is relative to `root`; `message` is a sentence, unescaped. */
export interface Finding {
  readonly code: FindingCode
  readonly root: string
  readonly subject: Subject | null
  readonly path: string | null
  readonly message: string
  readonly hint: string | null
}

export const severityOf = (finding: Finding): Severity => FINDING_KINDS[finding.code].severity

/** Whether everything could be read: no finding says that something was lost. */
export const isComplete = (findings: readonly Finding[]): boolean =>
  !findings.some((finding) => FINDING_KINDS[finding.code].incomplete)
