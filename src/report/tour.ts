import { imageLabel } from './forest.ts'
import type { Report, ReportImage, ReportLayer, ReportStore } from './schema.ts'

/** An object as the UI names it: `home` is its store. */
export interface TourRef {
  readonly kind: 'image' | 'layer' | 'container'
  readonly home: string
  readonly id: string
}

/** What is on screen at a stop: a view of the UI as it always is. */
export type TourView =
  | { readonly kind: 'overview' }
  | { readonly kind: 'list'; readonly view: 'images' | 'layers'; readonly at: TourRef; readonly all: boolean }
  | { readonly kind: 'object'; readonly ref: TourRef }
  | { readonly kind: 'explain'; readonly ref: TourRef }

export interface TourStop {
  readonly title: string
  readonly text: string
  readonly view: TourView
}

/** The stops of the tour through a report, with its own figures in their texts; those that it has no object for are left out. */
export function tourStops(report: Report, bytes: (value: number | null) => string): TourStop[] {
  const modern = report.stores.find(({ layout }) => layout === 'layerdb')
  const legacy = report.stores.find(({ layout }) => layout === 'graph')
  if (modern === undefined || legacy === undefined) return []
  const images = namedImages(report, modern)
  const tall = images.toSorted((a, b) => b.layers.length - a.layers.length)[0]
  const short = images
    .filter(({ layers }) => layers.length > 1)
    .sort((a, b) => a.layers.length - b.layers.length || byLabel(a, b))[0]
  const old = namedImages(report, legacy).find(({ layers }) => layers.length === 3)
  return [
    ...(tall === undefined ? [] : [layerStop(report, modern, legacy, tall)]),
    ...(short === undefined ? [] : [tagStop(short)]),
    ...(old === undefined ? [] : [oldStop(old)]),
    ...(tall === undefined ? [] : [chainStop(tall), ...deleteStop(report, tall, bytes)]),
    ...containerStop(report, modern, bytes),
    ...namelessStop(report, modern),
    ...removalStop(images, bytes),
    {
      title: 'Where the space really goes',
      text: `Every file here has one owner, and the sum is what du counts: ${bytes(report.ledger.total.disk)} on disk for ${bytes(report.ledger.total.content)} of content. The rest are blocks, directories and records of the engine. docker system df knows only a part of it.`,
      view: { kind: 'overview' },
    },
    ...(tall === undefined ? [] : [lastStop(tall)]),
  ]
}

/** Short names read best. */
const byLabel = (a: ReportImage, b: ReportImage): number => imageLabel(a).length - imageLabel(b).length

const namedImages = (report: Report, { id }: ReportStore): ReportImage[] =>
  report.images.filter((image) => image.store === id && image.loaded && image.tags.length > 0)

const imageRef = ({ store, id }: ReportImage): TourRef => ({ kind: 'image', home: store, id })
const layerRef = (store: string, id: string): TourRef => ({ kind: 'layer', home: store, id })

function layerStop(report: Report, modern: ReportStore, legacy: ReportStore, tall: ReportImage): TourStop {
  return {
    title: 'What a layer is',
    text: `A layer is a directory with what one step of a build added, changed or removed. Layers stand on each other: a column of dots is a chain, and a branch is where images part. ${report.layers.length} layers carry ${report.images.length} images here, in two stores: one of today (${modern.driver}), one from before Docker 1.10 (${legacy.driver}).`,
    view: { kind: 'list', view: 'layers', at: layerRef(tall.store, tall.layers[0] ?? ''), all: false },
  }
}

const tagStop = (image: ReportImage): TourStop => ({
  title: 'How a tag finds an image',
  text: `${imageLabel(image)} is one line of a file, and leads to an image ID: the hash of a config that lists the layers, by hash too. Each id follows from the one before, down to the directories and the mount. A tick says that it does so on this disk.`,
  view: { kind: 'explain', ref: imageRef(image) },
})

const oldStop = (image: ReportImage): TourStop => ({
  title: 'The same before Docker 1.10',
  text: `Ids were drawn by lot, so nothing follows from the content. Each layer was an image with a json that names its parent: ${image.layers.length} of them make ${imageLabel(image)}. aufs then laid their directories over each other as branches.`,
  view: { kind: 'explain', ref: imageRef(image) },
})

function chainStop(image: ReportImage): TourStop {
  const empty = image.history.filter(({ emptyLayer }) => emptyLayer).length
  return {
    title: 'How parents chain',
    text: `${imageLabel(image)} stands on ${image.layers.length} layers, base first; pale bars are shared with other images, and lie on the disk once. ${empty} of its ${image.history.length} steps changed settings only, and made no layer.`,
    view: { kind: 'object', ref: imageRef(image) },
  }
}

/** A step that only removes: the smallest layer of one whose command says so. */
function deleteStop(report: Report, image: ReportImage, bytes: (value: number | null) => string): TourStop[] {
  const removing = new Set(
    image.history.flatMap(({ createdBy, layer }) =>
      /\brm\b/.test(createdBy) && layer !== null ? [layer] : [],
    ),
  )
  const [layer] = report.layers
    .filter((each) => each.store === image.store && removing.has(each.id))
    .sort((a, b) => (a.size.content ?? 0) - (b.size.content ?? 0))
  if (layer === undefined) return []
  return [
    {
      title: 'Why a delete in a later layer frees nothing',
      text: `This step removed files, and holds ${bytes(layer.size.content)}: nothing but marks (whiteouts) that hide what lies below. The files stay in their own layers, ${stillBelow(report, layer, bytes)}. What a build step adds and is not needed has to go in the same step.`,
      view: { kind: 'object', ref: layerRef(layer.store, layer.id) },
    },
  ]
}

function stillBelow(report: Report, layer: ReportLayer, bytes: (value: number | null) => string): string {
  const parents = new Map(
    report.layers.filter(({ store }) => store === layer.store).map((each) => [each.id, each]),
  )
  let sum = 0
  const seen = new Set<string>()
  for (let next = layer.parent; next !== null && !seen.has(next); next = parents.get(next)?.parent ?? null) {
    seen.add(next)
    sum += parents.get(next)?.size.content ?? 0
  }
  return `which are ${bytes(sum)} as before`
}

function containerStop(
  report: Report,
  { id: store }: ReportStore,
  bytes: (value: number | null) => string,
): TourStop[] {
  const [container] = report.containers
    .filter((each) => each.store === store && each.layerPath !== null)
    .sort((a, b) => (b.size.writable.content ?? 0) - (a.size.writable.content ?? 0))
  if (container === undefined) return []
  return [
    {
      title: 'Where a container writes',
      text: `${container.name} wrote ${bytes(container.size.writable.content)}, into a directory of its own on top of its image's layers, which no container ever changes. docker rm removes that directory. Logs lie elsewhere and are in no figure of docker system df; volumes outlive both.`,
      view: { kind: 'object', ref: { kind: 'container', home: store, id: container.id } },
    },
  ]
}

function namelessStop(report: Report, { id: store }: ReportStore): TourStop[] {
  const own = report.images.filter((image) => image.store === store)
  const dangling = own.filter((image) => image.dangling)
  const first = dangling.find(({ digests }) => digests.length === 0) ?? dangling[0]
  if (first === undefined) return []
  const steps = own.filter(({ intermediate }) => intermediate).length
  return [
    {
      title: 'Dangling and intermediate',
      text: `${dangling.length} of these images ${dangling.length === 1 ? 'is' : 'are'} dangling: no tag leads to them and no image was made from them, so docker image prune takes them. ${steps} are steps of builds: nameless too, but others were made from them. The engine lists the former as <none>, and hides the latter.`,
      view: { kind: 'list', view: 'images', at: imageRef(first), all: true },
    },
  ]
}

/** An image of which removing gives something back, but least of what it takes. */
function removalStop(images: readonly ReportImage[], bytes: (value: number | null) => string): TourStop[] {
  const freed = ({ size }: ReportImage): number =>
    size.freedIfRemoved.disk ?? size.freedIfRemoved.content ?? 0
  const whole = ({ size }: ReportImage): number => size.disk ?? size.content ?? 0
  const [image] = images
    .filter((each) => freed(each) > 0 && freed(each) < whole(each))
    .sort((a, b) => freed(a) / whole(a) - freed(b) / whole(b) || byLabel(a, b))
  if (image === undefined) return []
  return [
    {
      title: 'Why rmi frees less than the size of an image',
      text: `docker images says ${bytes(image.size.engine)} of ${imageLabel(image)}, and its layers take ${bytes(whole(image))}. Removing it frees ${bytes(freed(image))}: the rest is held by other images, containers or the build cache. The images view has a column of what rmi frees.`,
      view: { kind: 'object', ref: imageRef(image) },
    },
  ]
}

const lastStop = (image: ReportImage): TourStop => ({
  title: 'Now look around',
  text: "Enter leaves the tour and lets you try things: Enter opens anything, x explains it, : finds it by name, w shows what docker's prune commands would free, ? tells the keys. On a host of your own: sudo layerscope.",
  view: { kind: 'list', view: 'images', at: imageRef(image), all: false },
})
