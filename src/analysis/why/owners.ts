import type { CacheRecord, Container, Image } from '../../model/model.ts'
import type { Owner } from './explanation.ts'

/** What stands for the name of an image without one. */
export const UNNAMED = '<none>'

const imageName = (image: Image): string => image.tags[0] ?? image.digests[0] ?? UNNAMED

export const imageOwner = (image: Image): Owner => ({ kind: 'image', id: image.id, name: imageName(image) })

export const containerOwner = ({ id, name }: Container): Owner => ({ kind: 'container', id, name })

export const recordOwner = ({ id, description }: CacheRecord): Owner => ({
  kind: 'cache-record',
  id,
  name: description,
})
