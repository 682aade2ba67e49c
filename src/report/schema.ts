import type { FindingCode, Severity, Subject } from '../model/findings.ts'

/** Byte figures and the number of inodes; null means unknown, never 0. */
export interface ReportSize {
  content: number | null
  disk: number | null
  files: number | null
}

export interface ReportFigures {
  content: number
  disk: number
  files: number
}

export interface ReportRoot {
  path: string
  kind: string
  engine: { rule: string; why: string; running: boolean | null }
  filesystem: {
    totalBytes: number
    /** Free at all; `availableBytes` of it for ordinary users, the difference is root's reserve. */
    freeBytes: number
    availableBytes: number
    totalInodes: number
    freeInodes: number
  } | null
}

export interface ReportStore {
  id: string
  root: string
  layout: string
  driver: string
  namespace: string | null
  path: string
  active: boolean | null
  why: string
  /** The root of the docker that keeps its images here, where that is another root. */
  usedBy: string | null
}

export interface ReportImage {
  id: string
  store: string
  tags: string[]
  digests: string[]
  created: string | null
  os: string | null
  architecture: string | null
  layers: string[]
  /** The compressed layers, manifests and configurations that it uses, which other images of the root may use too. */
  blobs: { digest: string; disk: number | null }[]
  parent: string | null
  dangling: boolean
  intermediate: boolean
  loaded: boolean
  containers: string[]
  size: {
    content: number | null
    disk: number | null
    engine: number | null
    shared: number | null
    unique: number | null
    freedIfRemoved: { content: number | null; disk: number | null }
  }
  history: {
    created: string | null
    createdBy: string
    comment: string
    emptyLayer: boolean
    layer: string | null
  }[]
  labels: Record<string, string>
  author: string
  dockerVersion: string
  lastUpdated: string | null
  config: {
    entrypoint: string[]
    command: string[]
    environment: string[]
    workingDirectory: string
    user: string
  }
  evidence: string[]
}

export interface ReportLayer {
  id: string
  store: string
  parent: string | null
  diffId: string | null
  cacheId: string | null
  depth: number
  path: string | null
  loaded: boolean
  images: string[]
  containers: string[]
  cacheRecords: string[]
  size: ReportSize
  evidence: string[]
}

export interface ReportContainer {
  id: string
  store: string | null
  name: string
  image: string | null
  imageName: string
  state: string
  command: string
  created: string | null
  startedAt: string | null
  finishedAt: string | null
  exitCode: number
  restartPolicy: string
  loaded: boolean
  baseLayer: string | null
  mountId: string | null
  initId: string | null
  layerPath: string | null
  initPath: string | null
  logDriver: string | null
  /**
   * `layer` and `init` are what `writable` is made of on the disk; `init` is null where there is no init layer. `total` is
   * `writable`, `logs` and `other` together.
   */
  size: {
    writable: ReportSize
    layer: ReportSize
    init: ReportSize | null
    logs: ReportSize
    other: ReportSize
    total: ReportSize
  }
  logs: { path: string; content: number | null; disk: number | null }[]
  volumes: string[]
  mounts: {
    type: string
    volume: string | null
    source: string
    destination: string
    readOnly: boolean
  }[]
  labels: Record<string, string>
  evidence: string[]
}

export interface ReportVolume {
  name: string
  root: string
  driver: string
  path: string | null
  created: string | null
  anonymous: boolean | null
  options: Record<string, string> | null
  labels: Record<string, string>
  containers: string[]
  /** Null where a container cannot be read that may use it. */
  inUse: boolean | null
  size: ReportSize
  evidence: string[]
}

export interface ReportCacheRecord {
  id: string
  store: string
  type: string
  description: string
  parents: string[]
  createdAt: string | null
  lastUsedAt: string | null
  usageCount: number
  inUse: boolean | null
  shared: boolean
  mutable: boolean
  size: { content: number | null; disk: number | null }
  layer: string | null
  path: string | null
  twins: string[]
  evidence: string[]
}

/** Data without a known owner, of which nothing is said since what could own it cannot be read. */
export interface ReportUnjudged {
  root: string
  path: string
  because: string
  size: ReportSize
}

export interface ReportOrphan {
  path: string
  root: string
  store: string | null
  kind: 'orphan' | 'leftover' | 'hidden'
  reason: string
  searched: string[]
  mounted: boolean | null
  modified: string | null
  certainty: 'proven' | 'likely' | 'in-flux'
  command: string | null
  size: ReportSize
}

export interface ReportDeletedFile {
  root: string
  path: string
  size: { content: number; disk: number }
  processes: { pid: number; command: string; container: string | null }[]
}

export interface ReportEngineRow {
  total: number | null
  active: number | null
  size: number | null
  reclaimable: number | null
}

export interface ReportEngineView {
  root: string
  /** The engine whose summary it is: docker or podman. */
  engine: string
  /** What prints it: `docker system df`. */
  command: string
  rule: string
  images: ReportEngineRow
  containers: ReportEngineRow
  volumes: ReportEngineRow
  buildCache: ReportEngineRow
}

export interface ReportLedger {
  measured: boolean
  total: ReportFigures
  entries: ({ category: string; root: string } & ReportFigures)[]
  unexplained: ReportFigures
}

export interface ReportFinding {
  code: FindingCode
  severity: Severity
  root: string
  subject: Subject | null
  path: string | null
  message: string
  hint: string | null
}

/** The JSON report; `schema/report-1.0.schema.json` describes it for others. */
export interface Report {
  schemaVersion: '1.0'
  tool: { name: string; version: string }
  generatedAt: string
  roots: ReportRoot[]
  stores: ReportStore[]
  images: ReportImage[]
  layers: ReportLayer[]
  containers: ReportContainer[]
  volumes: ReportVolume[]
  cacheRecords: ReportCacheRecord[]
  orphans: ReportOrphan[]
  /** Strays of which nothing is said, because what could own them cannot be read. */
  unjudged: ReportUnjudged[]
  /** Deleted below a root while a process has it open: the file system still counts it, `du` does not. */
  deletedFiles: ReportDeletedFile[]
  /** The first of `engineViews`; null where there is none. */
  engineView: ReportEngineView | null
  /** What each engine prints of its root, in the order of the roots. */
  engineViews: ReportEngineView[]
  ledger: ReportLedger
  findings: ReportFinding[]
  complete: boolean
}
