import type { Place } from '../../model/places.ts'

/** What each kind of place is. */
export const SENTENCES: Record<Place, string> = {
  'layer-files': 'the files of a layer',
  'layer-record': "the engine's record of a layer",
  'image-record': "the engine's record of an image",
  'writable-layer': 'the writable layer of a container: what it changed',
  'init-layer': "the layer of mount points below a container's writable layer",
  'mount-record': "the record of a container's writable layer",
  'container-log': 'a log of a container',
  'container-files': "a container's own directory: its config, its logs, its hosts files",
  volume: 'a volume',
  'cache-files': 'the files of a build cache record',
  'cache-claim': "named by BuildKit's snapshot map alone: no cache record and no layer stands for it",
  leftover: 'left behind by work that did not end',
  orphaned: 'data whose owner is gone',
  'foreign-driver': 'the directory of a storage driver of which no image store is here',
  'thin-pool': 'the thin pool: one file with the contents of all layers, those of containers too',
  'image-blobs': 'compressed image data',
  'build-cache-blobs': "BuildKit's content store",
  metadata: "the engine's own bookkeeping",
  plugins: 'managed plugins',
  network: 'the networks of the engine',
  swarm: 'the state of the swarm',
  temporary: 'temporary files of the engine',
  unclaimed: 'data that nothing claims',
  other: 'not part of any layout that is known here',
}
