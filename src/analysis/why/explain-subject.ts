import type { Subject } from '../../model/findings.ts'
import type { Catalog } from '../catalog.ts'
import { explainContainer } from './explain-container.ts'
import { explainImage } from './explain-image.ts'
import { explainLayer } from './explain-layer.ts'
import { explainRecord } from './explain-record.ts'
import { explainVolume } from './explain-volume.ts'
import { nothing, type Told } from './explanation.ts'

/** What one object is, who has it and where that stands. */
export function explainSubject(catalog: Catalog, root: string, store: string | null, subject: Subject): Told {
  const { model } = catalog
  const at = catalog.store(store)
  switch (subject.kind) {
    case 'layer': {
      const layer = at?.layers.get(subject.id)
      return at === undefined || layer === undefined ? unknown(subject) : explainLayer(catalog, at, layer)
    }
    case 'image': {
      const image = at?.images.get(subject.id)
      return at === undefined || image === undefined ? unknown(subject) : explainImage(at, image)
    }
    case 'container': {
      const container = model.containers.find((each) => each.root === root && each.id === subject.id)
      return container === undefined ? unknown(subject) : explainContainer(catalog, container)
    }
    case 'volume': {
      const volume = model.volumes.find((each) => each.root === root && each.name === subject.id)
      return volume === undefined ? unknown(subject) : explainVolume(catalog, volume)
    }
    case 'cache-record': {
      const record = model.cacheRecords.find((each) => each.root === root && each.id === subject.id)
      return record === undefined ? unknown(subject) : explainRecord(catalog, record)
    }
    default:
      return unknown(subject)
  }
}

const unknown = (subject: Subject): Told => ({
  ...nothing,
  owners: [{ kind: subject.kind, id: subject.id, name: subject.id }],
})
