import type { Finding } from '../model/findings.ts'
import type { Model, Store } from '../model/model.ts'
import { conceals } from './orphans/searched.ts'

/** The file whose absence makes the figures of a store unknown, as a finding; null where none of them is missing. */
export const missingRecords = ({ findings }: Pick<Model, 'findings'>, store: Store): Finding | null =>
  findings.find(
    ({ code, root, path }) =>
      code === 'records-missing' &&
      root === store.root &&
      path !== null &&
      (store.layout === 'containers-storage' || conceals(path, store.path, store)),
  ) ?? null
