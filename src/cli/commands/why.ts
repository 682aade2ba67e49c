import type { Explanation, Owner } from '../../analysis/why/explanation.ts'
import { UNNAMED } from '../../analysis/why/owners.ts'
import { whyObject, whyPath } from '../../analysis/why/why.ts'
import { escapeText } from '../../report/escape.ts'
import { type Found, findObjects } from '../../report/find-object.ts'
import type { Report, ReportSize } from '../../report/schema.ts'
import { formatAge, formatBytes, inodeText } from '../../report/units.ts'
import { locate, measurePath } from '../../scan/locate.ts'
import { UserError } from '../exit.ts'
import { type CommonOptions, displayOf } from '../options.ts'
import { renderJson, requireFormat } from '../render.ts'
import type { Session } from '../session.ts'
import { requireObject } from './find.ts'

type Answer = Explanation & { readonly size: ReportSize; readonly exists: boolean }

/** `why`: who owns a path, or where an object lies and who uses it, with the chain of evidence. */
export function why(session: Session, options: CommonOptions, query: string): string {
  requireFormat(options, ['table', 'json', 'ndjson'])
  const answer = answerFor(session, query)
  if (options.format !== 'table') {
    const { exists: _exists, root, what, since, ...contract } = answer
    const json = { ...contract, root, what, since }
    return options.format === 'ndjson' ? JSON.stringify(json) : renderJson(json)
  }
  return asText(answer, options, session.nowMs)
}

/** A query with a slash is a path; anything else is an id or a name first. */
function answerFor(session: Session, query: string): Answer {
  const roots = session.report.roots.map((root) => root.path)
  const isPath = query.includes('/') && findObjects(session.report, query).length === 0
  if (!isPath && findObjects(session.report, query).length > 0) return answerForObject(session, query)
  const location = session.isSample ? null : locate(query, roots, process.cwd())
  if (location !== null) {
    const explanation = whyPath(session.catalog, location.root, location.path)
    if (explanation !== null) {
      const size = measurePath(location.root, location.path)
      return {
        ...explanation,
        evidence: [...location.links, ...explanation.evidence],
        exists: location.exists,
        size: {
          content: size?.contentBytes ?? null,
          disk: size?.diskBytes ?? null,
          files: size?.files ?? null,
        },
      }
    }
  }
  if (isPath)
    throw new UserError(
      `${escapeText(query)} is in none of the roots ${roots.map(escapeText).join(', ')}.`,
      'Give a path below a root, one relative to it, or an id.',
    )
  return answerForObject(session, query)
}

function answerForObject({ report, catalog, isSample }: Session, query: string): Answer {
  const found = requireObject(report, query)
  const { root, store, path, size } = placeOf(report, found)
  const id = found.kind === 'volume' ? found.object.name : found.object.id
  return {
    ...whyObject(catalog, { root, store, subject: { kind: found.kind, id }, path }),
    exists: true,
    size: size.disk === null && !isSample ? measured(root, path, size) : size,
  }
}

/** What is on disk at a path, beside the content bytes that are recorded. */
function measured(root: string, path: string, recorded: ReportSize): ReportSize {
  const tally = measurePath(root, path)
  return {
    content: recorded.content ?? tally?.contentBytes ?? null,
    disk: tally?.diskBytes ?? null,
    files: tally?.files ?? null,
  }
}

/** Where an object lies and how big it is. */
function placeOf(
  report: Report,
  found: Found,
): { root: string; store: string | null; path: string; size: ReportSize } {
  const rootOf = (store: string | null): string =>
    report.stores.find(({ id }) => id === store)?.root ?? report.roots[0]?.path ?? ''
  switch (found.kind) {
    case 'image': {
      const { store, size, evidence } = found.object
      return {
        root: rootOf(store),
        store,
        path: evidence[0] ?? '',
        size: { content: size.content, disk: size.disk, files: null },
      }
    }
    case 'layer': {
      const { store, path, evidence, size } = found.object
      return { root: rootOf(store), store, path: path ?? evidence[0] ?? '', size }
    }
    case 'container': {
      const { store, layerPath, id, size } = found.object
      return { root: rootOf(store), store, path: layerPath ?? `containers/${id}`, size: size.writable }
    }
    case 'volume':
      return { root: found.object.root, store: null, path: found.object.path ?? '', size: found.object.size }
    case 'cache-record': {
      const { store, path, size } = found.object
      return {
        root: rootOf(store),
        store,
        path: path ?? 'buildkit/metadata_v2.db',
        size: { ...size, files: null },
      }
    }
  }
}

const USERS_SHOWN = 12

function asText(answer: Answer, options: CommonOptions, nowMs: number): string {
  const { units } = displayOf(options, nowMs)
  const { size, owners, alsoUsedBy, evidence, since } = answer
  const files = size.files === null ? '' : `, ${inodeText(size.files)}`
  const lines = [
    `${escapeText(answer.root)}/${escapeText(answer.path)}${answer.exists ? '' : ' (does not exist)'}`,
    `  ${escapeText(answer.what)} [${answer.class}]`,
    `  ${formatBytes(size.disk, units)} on disk, ${formatBytes(size.content, units)} of content${files}`,
    ...(since === null ? [] : [`  since ${escapeText(since)} (${formatAge(since, nowMs)})`]),
    ...owners.map((owner) => `  belongs to ${ownerText(owner)}`),
  ]
  if (owners.length === 0) lines.push('  belongs to no image, container, volume or cache record')
  if (alsoUsedBy.length > 0) {
    lines.push(
      `Used by ${alsoUsedBy.length}:`,
      ...namedFirst(alsoUsedBy)
        .slice(0, USERS_SHOWN)
        .map((owner) => `  ${ownerText(owner)}`),
    )
    if (alsoUsedBy.length > USERS_SHOWN)
      lines.push(`  and ${alsoUsedBy.length - USERS_SHOWN} more (--json lists all)`)
  }
  if (evidence.length > 0)
    lines.push(
      'Evidence:',
      ...evidence.map(({ path, says }) => `  ${escapeText(path)}\n      ${escapeText(says)}`),
    )
  return lines.join('\n')
}

/** Steps of builds, which have no names, stand behind everything that a person knows by its name. */
const namedFirst = (users: readonly Owner[]): Owner[] => [
  ...users.filter(({ name }) => name !== UNNAMED),
  ...users.filter(({ name }) => name === UNNAMED),
]

const ownerText = ({ kind, id, name }: Owner): string =>
  name === id || name === '' ? `${kind} ${escapeText(id)}` : `${kind} ${escapeText(name)} (${escapeText(id)})`
