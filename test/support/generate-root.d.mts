export interface RootParameters {
  seed: string
  images: number
  /** Layers on the disk for each image; with what images share, their chains are longer. */
  layersPerImage: number
  filesPerLayer: number
  containers: number
  volumes: number
}

/** What was written: the parameters, and how many layers they came to. */
export type GeneratedRoot = RootParameters & { layers: number }

/** Writes a Docker data root below a directory that does not exist yet. The same parameters give the same bytes. */
export function generateRoot(root: string, parameters?: Partial<RootParameters>): GeneratedRoot

/** Generates a small Docker data root of a test's own, and says what it holds. `dispose` removes it. */
export function generateSmallRoot(parameters?: Partial<RootParameters>): {
  root: string
  holds: GeneratedRoot
  dispose: () => void
}
