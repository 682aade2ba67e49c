import type { Image, Store } from '../../model/model.ts'
import { recordFiles } from '../record-files.ts'
import type { Evidence } from './explanation.ts'

/** The file in which the names of a store's images stand. */
export const tagFile = (store: Store): string => {
  const files = recordFiles(store)
  if (files !== null) return files.images
  if (store.layout === 'layerdb') return `${store.path}/repositories.json`
  return store.driver === 'graph' ? 'repositories' : `repositories-${store.driver}`
}

export function namesEvidence(store: Store, image: Image): Evidence[] {
  const names = [...image.tags, ...image.digests]
  return names.length === 0 ? [] : [{ path: tagFile(store), says: `${names.join(', ')} → ${image.id}` }]
}
