import type { Place } from '../../model/places.ts'

const RECORDS: ReadonlySet<Place> = new Set<Place>([
  'layer-record',
  'image-record',
  'mount-record',
  'container-files',
  'metadata',
  'plugins',
  'network',
  'swarm',
])

/** Whether an engine noted something down here; what lies elsewhere programs in containers wrote, or whoever built an image. */
export const isEngineRecord = (place: Place): boolean => RECORDS.has(place)
