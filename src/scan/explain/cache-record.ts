import type { AssemblyStep } from '../../model/assembly.ts'
import { directorySteps } from './directories.ts'
import { layerStack } from './layerdb.ts'
import { facts, type Ground, step } from './steps.ts'

/** A record of BuildKit's cache: the record, the map from snapshots to directories, and the layer or directory. */
export function cacheRecordSteps(ground: Ground, id: string): AssemblyStep[] {
  const found = ground.model.cacheRecords.find((each) => each.store === ground.store.id && each.id === id)
  const hasRecord = step({
    title: 'The record of the build cache',
    sentence: 'BuildKit keeps a record of everything that a build may use again.',
    files: ['buildkit/metadata_v2.db'],
    says: facts(
      ['id', id],
      ['type', found?.type],
      ['description', found?.description],
      ...(found?.parents ?? []).map((parent) => ['stands on', parent] as const),
    ),
    problem: found === undefined ? 'There is no such record.' : null,
    leadsTo: id,
  })
  if (found === undefined || ground.store.layout !== 'layerdb') return [hasRecord]
  const mapped = step({
    title: 'From the record to its data',
    sentence:
      found.layer === null
        ? 'A second database maps it to a directory of the storage driver.'
        : 'A second database says that it became a layer: its chain ID names the record in the layer database.',
    files: ['buildkit/snapshots.db'],
    says: facts(['directory', found.cacheId], ['chainid', found.layer]),
    problem: found.cacheId === null && found.layer === null ? 'It has no data of its own.' : null,
    leadsTo: found.layer ?? found.path,
  })
  if (found.layer !== null) return [hasRecord, mapped, ...layerStack(ground, found.layer).steps]
  const own =
    found.cacheId === null
      ? []
      : directorySteps(ground, [{ id: found.cacheId, what: 'record', isWritable: found.mutable }])
  return [hasRecord, mapped, ...own]
}
