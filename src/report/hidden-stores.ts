import type { Report, ReportStore } from './schema.ts'

/**
 * Says in a sentence that docker went over from a storage driver to containerd, or back, and that the images of before
 * still fill the disk; null where there are none. The bytes are those of the ledger.
 */
export function hiddenStoresSentence(report: Report, format: (bytes: number) => string): string | null {
  const inUse = report.stores.find((store) => store.active === true && isDockers(store))
  const hidden = report.stores.filter(
    (store) => store.active === false && isDockers(store) && store.layout !== inUse?.layout,
  )
  const [first] = hidden
  if (inUse === undefined || first === undefined) return null
  const roots = new Set(hidden.map(({ root }) => root))
  const bytes = report.ledger.entries
    .filter(({ category, root }) => category === 'hidden-stores' && roots.has(root))
    .reduce((sum, { disk }) => sum + disk, 0)
  const amount = report.ledger.measured
    ? `${format(bytes)} that docker does not see`
    : 'docker does not see them'
  return `Docker keeps its images in ${nameOf(inUse)}; those that it had in ${hidden.map(nameOf).join(' and ')} before are still on the disk: ${amount}.`
}

const isDockers = ({ layout, namespace }: ReportStore): boolean =>
  layout === 'layerdb' || (layout === 'containerd' && /^moby\b/.test(namespace ?? ''))

const nameOf = ({ layout, driver }: ReportStore): string =>
  layout === 'containerd' ? `containerd (${driver})` : driver
