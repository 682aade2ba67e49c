import { isObject, type JsonObject, record, texts } from '../../formats/fields.ts'
import { parseJsonBounded } from '../../formats/go-json.ts'
import type { Container } from '../../model/model.ts'
import type { Source } from '../source.ts'
import { kubernetesName, readRunState } from './cri.ts'
import type { ContainerRow, NamespaceRows } from './meta.ts'
import type { ContainerdPlaces } from './places.ts'
import type { SnapshotData } from './snapshotter.ts'

/** What a container's writable snapshot is, for those whose snapshotter can be read. */
export interface WritableSnapshot {
  readonly store: string
  readonly data: SnapshotData | null
  readonly parent: string | null
}

/** Reads the containers of a namespace; of their tasks the disk keeps only a directory while they exist. */
export function readContainers(
  source: Source,
  places: ContainerdPlaces,
  rows: NamespaceRows,
  writable: (row: ContainerRow) => WritableSnapshot | null,
): Container[] {
  const tasks = new Set(source.list(`${places.tasks}/${rows.name}`).map((entry) => entry.name))
  const targets = new Map(rows.images.map((image) => [image.name, image.target]))
  return rows.containers.map((row): Container => {
    const snapshot = writable(row)
    const spec = specOf(row.spec)
    return {
      root: source.root,
      store: snapshot?.store ?? null,
      id: row.id,
      // Plain containerd knows only ids.
      name: row.labels.get('nerdctl/name') ?? kubernetesName(row, spec) ?? row.id,
      image: targets.get(row.image) ?? null,
      imageName: row.image,
      command: texts(record(spec, 'process'), 'args').join(' '),
      ...readRunState(source, places, row.id, tasks.has(row.id)),
      created: row.createdAt,
      baseLayer: snapshot?.parent ?? null,
      mountId: snapshot?.data == null ? null : String(snapshot.data.id),
      initId: null,
      layerPath: snapshot?.data?.path ?? null,
      initPath: null,
      logDriver: null,
      logs: [],
      mounts: [],
      volumes: [],
      restartPolicy: '',
      maximumRetries: 0,
      restartCount: 0,
      stoppedByHand: false,
      autoRemove: false,
      networks: [],
      labels: row.labels,
      loaded: true,
    }
  })
}

/** The spec is the OCI runtime JSON, wrapped in a protobuf message whose second field it is. */
function specOf(spec: Buffer | null): JsonObject {
  const start = spec?.indexOf('{') ?? -1
  if (spec === null || start === -1) return {}
  const parsed = parseJsonBounded(spec.subarray(start).toString('utf8'))
  return parsed.ok && isObject(parsed.value) ? parsed.value : {}
}
