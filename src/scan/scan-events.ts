import type { Model } from '../model/model.ts'

/** What a scan does beyond reading the records. */
export interface ScanOptions {
  readonly measure: boolean
  /** Holds the files of each layer against the list made with it; `deep` reads them too. */
  readonly verify?: 'lists' | 'deep'
}

export interface ScanProgress {
  readonly phase: 'reading' | 'measuring' | 'verifying'
  readonly root: string
  readonly files: number
  readonly diskBytes: number
}

export interface ScanEvents {
  /** Returns false to cancel; what was read until then is the result. */
  onProgress(progress: ScanProgress): boolean
  /** The recorded facts, before anything is measured. */
  onModel(model: Model): void
}
