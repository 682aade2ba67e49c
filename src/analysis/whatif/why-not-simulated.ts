import { isDockersStore } from './dockers-store.ts'

/** What is known of a root and its stores, in the model as in the report. */
interface RootFacts {
  readonly path: string
  readonly kind: string
}

interface StoreFacts {
  readonly root: string
  /** The docker root whose engine uses a store that is in another root. */
  readonly usedBy?: string | null
  readonly layout: string
  readonly namespace: string | null
  readonly active: boolean | null
}

/** Why docker's removals are not simulated on a root, as a sentence; null where they are. */
export function whyNotSimulated({ path, kind }: RootFacts, stores: readonly StoreFacts[]): string | null {
  if (kind === 'containers-storage')
    return `${path} is podman's: what podman and buildah remove is not simulated.`
  const mayBeDockers = stores.filter(
    (store) => (store.usedBy ?? store.root) === path && isDockersStore(store),
  )
  if (mayBeDockers.some(({ active }) => active === true)) return null
  return kind === 'containerd'
    ? `${path} is containerd's own: what ctr, nerdctl or a kubelet remove is not simulated.`
    : `Which image store docker uses in ${path} cannot be told, so its removals are not simulated.`
}
