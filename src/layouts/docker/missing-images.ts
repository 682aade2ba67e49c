import type { Collector } from '../collector.ts'
import type { Source } from '../source.ts'
import type { ContainerRecord } from './containers.ts'

/** The ids of the images that were read, and of those that are there but could not be. */
export interface KnownImages {
  readonly read: ReadonlySet<string>
  readonly unreadable: ReadonlySet<string>
}

/** What the findings name as an image of a root, and was not read, is one that is there. */
export function knownImages({ images, findings }: Collector, root: string): KnownImages {
  const read = new Set(images.map((image) => image.id))
  const named = findings.flatMap(({ root: at, subject }) =>
    at === root && subject?.kind === 'image' && !read.has(subject.id) ? [subject.id] : [],
  )
  return { read, unreadable: new Set(named) }
}

/** Reports that a container's image is gone, or there and damaged. */
export function reportMissingImage(source: Source, record: ContainerRecord, images: KnownImages): void {
  if (record.image === null || images.read.has(record.image)) return
  const problem = images.unreadable.has(record.image) ? 'which is there but cannot be read' : 'which is gone'
  source.report({
    code: 'container-image-missing',
    subject: { kind: 'container', id: record.id },
    path: record.configPath,
    message: `Container ${record.name || record.id} was made from image ${record.image}, ${problem}. Its layers stay for as long as the container does, and no line of docker system df counts them.`,
  })
}
