import type { Found } from './find-object.ts'
import type { Report } from './schema.ts'

/** Everything known of one object: its line of the report, what it is joined to, and its findings. */
export function inspectObject(report: Report, found: Found): object {
  const subject = found.kind === 'volume' ? found.object.name : found.object.id
  return {
    kind: found.kind,
    ...found.object,
    ...joined(report, found),
    findings: report.findings.filter(
      (finding) => finding.subject?.id === subject && finding.subject.kind === found.kind,
    ),
  }
}

function joined(report: Report, found: Found): object {
  switch (found.kind) {
    case 'image': {
      const { store, layers: chain } = found.object
      const layers = new Map(
        report.layers.filter((layer) => layer.store === store).map((layer) => [layer.id, layer]),
      )
      return {
        chain: chain.map((id) => {
          const layer = layers.get(id)
          return {
            id,
            diffId: layer?.diffId ?? null,
            path: layer?.path ?? null,
            size: layer?.size ?? null,
            sharedWith: layer?.images.filter((image) => image !== found.object.id) ?? [],
          }
        }),
      }
    }
    case 'layer': {
      const { id, store } = found.object
      const children = report.layers.filter((layer) => layer.parent === id && layer.store === store)
      return { children: children.map((layer) => layer.id) }
    }
    case 'volume':
      return {
        mounts: report.containers.flatMap((container) =>
          container.mounts
            .filter(
              (mount) => mount.volume === found.object.name && found.object.containers.includes(container.id),
            )
            .map((mount) => ({ container: container.name || container.id, ...mount })),
        ),
      }
    default:
      return {}
  }
}
