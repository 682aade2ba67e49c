import { type NamespaceRows, readNamespaces } from '../../layouts/containerd/meta.ts'
import {
  baseOf,
  type ContainerdPlaces,
  containerdPlaces,
  snapshotDirectory,
} from '../../layouts/containerd/places.ts'
import { readSnapshotter, type Snapshotter } from '../../layouts/containerd/snapshotter.ts'
import { readDatabase } from '../../layouts/database.ts'
import type { AssemblyCheck, AssemblyStep } from '../../model/assembly.ts'
import { directorySteps } from './directories.ts'
import type { StackPlace } from './places.ts'
import { check, facts, type Ground, step } from './steps.ts'

/** The rows of one namespace, and its snapshotter's own. */
export interface ContainerdRows {
  readonly places: ContainerdPlaces
  readonly namespace: NamespaceRows
  readonly snapshotter: Snapshotter
}

/** Opens the databases of a store; a step that says why where that cannot be. */
export function openRows(
  ground: Ground,
): { ok: true; rows: ContainerdRows } | { ok: false; step: AssemblyStep } {
  const { source, store } = ground
  const base = baseOf(store.path)
  const places = containerdPlaces(base)
  const database = readDatabase(source, places.meta, 'everything is')
  const namespaces = database === null ? [] : readNamespaces(database.file)
  const namespace = namespaces.find(({ name }) => name === store.namespace)
  if (namespace === undefined)
    return {
      ok: false,
      step: step({
        title: 'From a name to the target',
        sentence: 'A row of the database leads from each name to a digest.',
        files: [places.meta],
        problem: `The database ${places.meta} cannot be read, or has no namespace ${store.namespace}.`,
      }),
    }
  return { ok: true, rows: { places, namespace, snapshotter: readSnapshotter(source, base, store.driver) } }
}

/** The keys from the base up to a snapshot. */
export function snapshotChain({ namespace, snapshotter }: ContainerdRows, key: string): string[] {
  const keyed = namespace.snapshots.get(snapshotter.name)
  const chain = new Set<string>()
  for (
    let next: string | null = key;
    next !== null && !chain.has(next);
    next = keyed?.get(next)?.parent ?? null
  )
    chain.add(next)
  return [...chain].reverse()
}

/** A step for each snapshot of a chain, then one for each directory; `diffIds` are those of the chain, where known. */
export function snapshotSteps(
  ground: Ground,
  { places, namespace, snapshotter }: ContainerdRows,
  chain: readonly string[],
  diffIds: readonly string[],
): { steps: AssemblyStep[]; stack: StackPlace[] } {
  const keyed = namespace.snapshots.get(snapshotter.name)
  const stack: StackPlace[] = []
  const steps = chain.map((key, index) => {
    const row = keyed?.get(key)
    const data = row === undefined ? undefined : snapshotter.snapshots?.get(row.name)
    const isLayer = key.startsWith('sha256:')
    const what = isLayer ? `layer ${index + 1}` : key.endsWith('-init') ? 'init layer' : 'writable layer'
    if (data !== undefined)
      stack.push({
        id: String(data.id),
        what,
        isWritable: data.kind === 'active',
        directory: snapshotDirectory(snapshotter.path, data.id, data.kind),
      })
    const below = chain[index - 1] ?? null
    return step({
      title: isLayer ? `Layer ${index + 1}: chain ID and snapshot` : `The snapshot of the ${what}`,
      sentence: isLayer
        ? 'The chain ID is the key of a snapshot. The namespace knows it by that key, the snapshotter by a name and a number.'
        : 'The namespace knows the snapshot by its key, the snapshotter by a name and a number.',
      files: [places.meta, `${snapshotter.path}/metadata.db`],
      says: facts(
        ['name', row?.name],
        ['parent', row?.parent],
        ['id', data === undefined ? null : String(data.id)],
        ['kind', data?.kind],
      ),
      checks: [
        ...chainCheck(diffIds[index], below, key, row !== undefined),
        ...(below === null || row === undefined
          ? []
          : [check('parent is the key of the snapshot below', below, row.parent ?? 'none')]),
      ],
      problem:
        row === undefined
          ? 'There is no such snapshot: this layer is not unpacked.'
          : data === undefined
            ? `${snapshotter.path}/metadata.db does not know ${row.name}.`
            : null,
      leadsTo: data?.path ?? null,
    })
  })
  return { steps: [...steps, ...directorySteps(ground, stack)], stack }
}

function chainCheck(
  diffId: string | undefined,
  below: string | null,
  key: string,
  isThere: boolean,
): AssemblyCheck[] {
  if (diffId === undefined) return []
  const expression = below === null ? 'the chain ID of a base is its diff ID' : `sha256("${below} ${diffId}")`
  // An image that was only pulled has no snapshots, which is no damage.
  return [check(expression, key, isThere ? key : null)]
}
