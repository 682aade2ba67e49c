import { isDockerNamespace } from '../../layouts/containerd/names.ts'

/** Whether docker could use a store, so that its removals can be played through on it. */
export const isDockersStore = (store: {
  readonly layout: string
  readonly namespace: string | null
}): boolean =>
  store.layout === 'layerdb' ||
  store.layout === 'graph' ||
  (store.layout === 'containerd' && isDockerNamespace(store.namespace ?? ''))
