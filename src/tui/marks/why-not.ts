import type { Report, ReportStore } from '../../report/schema.ts'
import { indexOf, type ObjectRef } from '../objects.ts'

/** Why docker has no command to remove an object, as a sentence; null where it has one. */
export function whyNotRemovable(report: Report, ref: ObjectRef): string | null {
  if (ref.kind === 'layer') return 'Docker removes no layer by itself: mark what uses it.'
  const root = indexOf(report).rootOf(ref)
  const stores = report.stores.filter((store) => store.root === root)
  const store = stores.find(({ id }) => id === ref.home)
  const active = stores.find((each) => each.active === true && isSimulated(each))
  if (store?.layout === 'containers-storage') return "This is podman's: only docker's removals are simulated."
  if (active === undefined) return "Docker's removals are not simulated on this kind of store."
  if (store !== undefined && store !== active)
    return `Docker does not see this: it uses ${active.layout}/${active.driver} here, not ${store.layout}/${store.driver}.`
  return null
}

const isSimulated = ({ layout }: ReportStore): boolean => layout === 'layerdb' || layout === 'graph'
