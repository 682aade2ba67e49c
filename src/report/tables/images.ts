import { shortId } from '../../model/ids.ts'
import { freedBytes } from '../holders.ts'
import type { ReportImage } from '../schema.ts'
import {
  ageCell,
  bytesCell,
  type Cell,
  cellOf,
  type Display,
  labelColumn,
  type Table,
  textCell,
} from '../table.ts'
import { engineSize } from '../units.ts'

/** One line of `docker images`: an image under one of its names. */
export interface ImageRow {
  readonly repository: string
  readonly tag: string
  readonly image: ReportImage
}

const NONE = '<none>'

/** A row for each tag; for an image without tags, one for each repository of its digests, else `<none>`. */
export function imageRows(images: readonly ReportImage[]): ImageRow[] {
  return images.flatMap((image) => {
    if (image.tags.length > 0) return image.tags.map((tag) => ({ ...splitTag(tag), image }))
    const repositories = new Set(image.digests.map((digest) => digest.slice(0, digest.indexOf('@'))))
    if (repositories.size > 0)
      return [...repositories].map((repository) => ({ repository, tag: NONE, image }))
    return [{ repository: NONE, tag: NONE, image }]
  })
}

/** The tag stands behind the last colon; an earlier one belongs to the registry's port. */
function splitTag(reference: string): { repository: string; tag: string } {
  const colon = reference.lastIndexOf(':')
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) }
}

const idText = (id: string, display: Display): string => (display.truncate ? shortId(id) : id)

/** `docker images`, with what the engine does not show: shared, unique, disk, and what removing would give back. */
export const imageTable: Table<ImageRow> = {
  sort: 'created:desc',
  columns: [
    { key: 'repository', title: 'REPOSITORY', cell: ({ repository }) => textCell(repository) },
    { key: 'tag', title: 'TAG', cell: ({ tag }) => textCell(tag) },
    {
      key: 'id',
      title: 'IMAGE ID',
      cell: ({ image }, display) => textCell(idText(image.id, display), image.id),
    },
    {
      key: 'created',
      title: 'CREATED',
      kind: 'time',
      cell: ({ image }, display) => ageCell(image.created, display),
    },
    {
      key: 'size',
      title: 'SIZE',
      align: 'right',
      cell: ({ image }, display) => sizeCell(image.size.engine, display),
    },
    {
      key: 'shared',
      title: 'SHARED',
      align: 'right',
      cell: ({ image }, d) => bytesCell(image.size.shared, d),
    },
    {
      key: 'unique',
      title: 'UNIQUE',
      align: 'right',
      cell: ({ image }, d) => bytesCell(image.size.unique, d),
    },
    { key: 'disk', title: 'DISK', align: 'right', cell: ({ image }, d) => bytesCell(image.size.disk, d) },
    {
      key: 'freed',
      title: 'FREED BY RMI',
      align: 'right',
      cell: ({ image }, d) => bytesCell(freedBytes(image), d),
    },
    {
      key: 'containers',
      title: 'CONTAINERS',
      align: 'right',
      cell: ({ image }) => textCell(String(image.containers.length), image.containers.length),
    },
    {
      key: 'name',
      title: 'NAME',
      names: ['image'],
      hidden: true,
      cell: ({ repository, tag }) => textCell(`${repository}:${tag}`),
    },
    {
      key: 'dangling',
      title: 'DANGLING',
      kind: 'flag',
      hidden: true,
      cell: ({ image }) => textCell('', image.dangling),
    },
    {
      key: 'intermediate',
      title: 'INTERMEDIATE',
      kind: 'flag',
      hidden: true,
      cell: ({ image }) => textCell('', image.intermediate),
    },
    {
      key: 'unused',
      title: 'UNUSED',
      kind: 'flag',
      hidden: true,
      cell: ({ image }) => textCell('', image.containers.length === 0),
    },
    labelColumn(({ image }) => image.labels),
    { key: 'store', title: 'STORE', hidden: true, cell: ({ image }) => textCell(image.store) },
    {
      key: 'layer',
      title: 'LAYER IDS',
      hidden: true,
      searched: false,
      cell: ({ image }) => textCell(image.layers.join(',')),
    },
    { key: 'layers', title: 'LAYERS', hidden: true, cell: ({ image }) => textCell('', image.layers.length) },
  ],
}

const sizeCell = (bytes: number | null, display: Display): Cell =>
  display.units === 'decimal' && bytes !== null
    ? cellOf(bytes, () => engineSize(bytes, 3))
    : bytesCell(bytes, display)
