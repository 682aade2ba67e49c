import { isDockersStore } from '../../analysis/whatif/dockers-store.ts'
import { whyNotSimulated } from '../../analysis/whatif/why-not-simulated.ts'
import type { Report } from '../../report/schema.ts'
import { indexOf, type ObjectRef } from '../objects.ts'

/** Why docker has no command to remove an object, as a sentence; null where it may have one. */
export function whyNotRemovable(report: Report, ref: ObjectRef): string | null {
  if (ref.kind === 'layer') return 'Docker removes no layer by itself: mark what uses it.'
  const store = report.stores.find(({ id }) => id === ref.home)
  if (store?.active === true && isDockersStore(store)) return null
  const path = indexOf(report).rootOf(ref)
  const root = report.roots.find((each) => each.path === path)
  if (root === undefined) return 'It is in no root that was read.'
  if (root.kind !== 'docker') return whyNotSimulated(root, report.stores)
  return store === undefined
    ? null
    : `Docker does not see this: it does not use ${store.layout}/${store.driver} here.`
}
