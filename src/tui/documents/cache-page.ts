import { shortId } from '../../model/ids.ts'
import type { ReportCacheRecord } from '../../report/schema.ts'
import { cacheRef, layerRef } from '../objects.ts'
import { span } from '../text/line.ts'
import { counted, type PageContext } from './context.ts'
import type { PageWriter } from './document.ts'
import { writeEvidence, writeFiles, writeFindings } from './parts.ts'

/** A record of the build cache: what made it, when it was used, what it stands on and where its files are. */
export function writeCachePage(out: PageWriter, page: PageContext, record: ReportCacheRecord): void {
  const ref = cacheRef(record)
  out.id('Id', record.id)
  out.field('Made by', record.description === '' ? 'not told' : record.description, 'strong')
  out.field('Type', `${record.type}${record.mutable ? ', can still change' : ''}`)
  writeFiles(
    out,
    page,
    { ...record.size, files: null },
    {
      root: page.index.rootOf(ref),
      path: record.path,
      missing: 'none of its own',
    },
  )
  out.field('Made', page.age(record.createdAt))
  out.field('Last used', `${page.age(record.lastUsedAt)}, used ${counted(record.usageCount, 'time')}`)
  const inUse = record.inUse === null ? 'not known: only a running engine knows' : record.inUse ? 'yes' : 'no'
  out.field('In use', inUse)
  out.field('Shared', record.shared ? 'yes, with a layer or another record' : 'no')
  const layer =
    record.layer === null
      ? undefined
      : page.index.layer({ kind: 'layer', home: record.store, id: record.layer })
  if (layer !== undefined)
    out.link(
      'Layer',
      'layer',
      layerRef(layer),
      span(shortId(layer.id)),
      span(`  ${counted(layer.images.length, 'image')}`, 'faint'),
    )
  writeRecords(out, page, record, 'Stands on', record.parents)
  const above = page.report.cacheRecords.filter(
    ({ store, parents }) => store === record.store && parents.includes(record.id),
  )
  writeRecords(
    out,
    page,
    record,
    'Above it',
    above.map(({ id }) => id),
  )
  writeRecords(out, page, record, 'Same files', record.twins)
  writeFindings(out, page, ref)
  writeEvidence(out, page, ref, record.evidence)
}

function writeRecords(
  out: PageWriter,
  page: PageContext,
  record: ReportCacheRecord,
  title: string,
  ids: readonly string[],
): void {
  if (ids.length === 0) return
  out.heading(title)
  for (const id of ids) {
    const other = page.index.cacheRecord({ kind: 'cache-record', home: record.store, id })
    if (other === undefined) {
      out.add(span(`${shortId(id)}  not here any more`, 'faint'))
      continue
    }
    out.item(`${title} ${id}`, { kind: 'object', ref: cacheRef(other) }, () =>
      out.add(
        span(`${page.bytesColumn(other.size.disk ?? other.size.content)}  `),
        span(shortId(id)),
        span(`  ${other.description}`),
      ),
    )
  }
}
