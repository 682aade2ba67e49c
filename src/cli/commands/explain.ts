import { whyPath } from '../../analysis/why/why.ts'
import type { Assembly, AssemblyStep } from '../../model/assembly.ts'
import { type AssemblyDisplay, assemblyLines, assemblyVerdict } from '../../report/assembly-lines.ts'
import { escapeText } from '../../report/escape.ts'
import { FOUND_KINDS, type Found, findObjects, nameOf } from '../../report/find-object.ts'
import { piece, type StyledLine } from '../../report/styled-text.ts'
import { explain as assemble, type Explained } from '../../scan/explain/explain.ts'
import { findUnread } from '../../scan/explain/find-unread.ts'
import { pathStep } from '../../scan/explain/path-step.ts'
import { locate } from '../../scan/locate.ts'
import { openTree } from '../../scan/open-tree.ts'
import { UserError } from '../exit.ts'
import type { CommonOptions } from '../options.ts'
import { renderJson, requireFormat } from '../render.ts'
import type { Session } from '../session.ts'
import { requireObject } from './find.ts'

const WIDEST = 100

/** `explain`: how an object is put together, step by step, with the files of this very disk. */
export function explain(
  session: Session,
  options: CommonOptions,
  query: string,
): string | readonly StyledLine[] {
  requireFormat(options, ['table', 'json', 'ndjson'])
  const assembly = assemblyOf(session, query)
  if (options.format === 'ndjson') return JSON.stringify(assembly)
  if (options.format === 'json') return renderJson(assembly)
  return textOf(assembly, options)
}

/** The same text for an object that is known already. */
export function explainObject(
  session: Session,
  options: CommonOptions,
  wanted: Explained,
): readonly StyledLine[] {
  return textOf(assembled(session, wanted), options)
}

const textOf = (assembly: Assembly, options: CommonOptions): readonly StyledLine[] =>
  asText(assembly, {
    width: Math.min(WIDEST, process.stdout.columns || 80),
    truncate: options.trunc,
    ascii: options.ascii,
    groupFiles: true,
  })

function assemblyOf(session: Session, query: string): Assembly {
  const { wanted, first } = find(session, query)
  const assembly = assembled(session, wanted)
  return { ...assembly, steps: [...first, ...assembly.steps] }
}

function assembled(session: Session, wanted: Explained): Assembly {
  const { model } = session.catalog
  const store = model.stores.find(({ id }) => id === wanted.store)
  const tree = store === undefined ? null : openTree(store.root, session.isSample)
  const assembly = tree === null ? null : assemble(tree, model, wanted)
  if (assembly === null) throw new UserError(whyNoAssembly(wanted))
  return assembly
}

/** A container whose files are no snapshot is there all the same. */
function whyNoAssembly({ subject, name }: Explained): string {
  const quoted = JSON.stringify(escapeText(name))
  return subject.kind === 'container'
    ? `The files of container ${quoted} are in no image store here: it has no snapshot, as one that runs on a directory of the host, or its snapshot lies in a root that was not read.`
    : `No image store here holds ${quoted}.`
}

/** An object by name or id, what a path belongs to, or what is on the disk but could not be read. */
function find(session: Session, query: string): { wanted: Explained; first: AssemblyStep[] } {
  const { report, catalog } = session
  const found = preferred(findObjects(report, query))
  if (found !== null) return { wanted: explainedObject(found, query), first: [] }
  const roots = report.roots.map(({ path }) => path)
  const location = query.includes('/') && !session.isSample ? locate(query, roots, process.cwd()) : null
  if (location !== null) {
    const wanted = ownerOf(session, location.root, location.path, query)
    return { wanted, first: [pathStep(catalog.model, location.path, wanted)] }
  }
  for (const root of roots) {
    const tree = openTree(root, session.isSample)
    const unread = tree === null ? null : findUnread(tree, catalog.model, root, query)
    if (unread !== null) return { wanted: unread, first: [] }
  }
  return { wanted: explainedObject(requireObject(report, query), query), first: [] }
}

/** One id may stand for an image and its layer (legacy), or lie in two namespaces: then the first is meant. */
function preferred(found: readonly Found[]): Found | null {
  const [first] = found
  if (first === undefined) return null
  const isOneId = found.every(
    ({ kind, object }) => kind !== 'volume' && 'id' in object && object.id === idOf(first),
  )
  return isOneId || found.length === 1 ? first : null
}

const idOf = (found: Found): string => (found.kind === 'volume' ? found.object.name : found.object.id)

/** It is called as it was asked for, where that is one of its names. */
function explainedObject(found: Found, query: string): Explained {
  const id = idOf(found)
  if (found.kind === 'volume')
    throw new UserError(
      `${JSON.stringify(escapeText(id))} is a volume: one plain directory, of which nothing has to be put together.`,
      'layerscope why shows where it lies and who uses it.',
    )
  return {
    subject: { kind: found.kind, id },
    name: nameOf(found, query) ?? id,
    store: found.object.store ?? '',
  }
}

function ownerOf({ report, catalog }: Session, root: string, path: string, query: string): Explained {
  const [owner] = whyPath(catalog, root, path)?.owners ?? []
  const found =
    owner === undefined
      ? undefined
      : findObjects(report, owner.id, ownKind(owner.kind)).find(({ object }) => {
          const store = 'store' in object ? catalog.store(object.store)?.store : undefined
          return store === undefined || store.root === root
        })
  if (found !== undefined) return explainedObject(found, query)
  throw new UserError(
    `${escapeText(query)} belongs to no image, layer, container or cache record, so there is nothing to put together.`,
    'layerscope why tells what it is.',
  )
}

const ownKind = (wanted: string): Found['kind'][] => FOUND_KINDS.filter((kind) => kind === wanted)

function asText(assembly: Assembly, display: AssemblyDisplay): readonly StyledLine[] {
  const { subject, name, root, store } = assembly
  const kind = subject.kind === 'cache-record' ? 'cache record' : subject.kind
  const verdict = assemblyVerdict(assembly)
  return [
    [piece(`${kind} ${name}`, 'strong')],
    ...(name === subject.id ? [] : [[piece(subject.id, 'faint')]]),
    [piece(`in ${root} (${(store ?? '').replace(/@.*$/s, '')})`, 'faint')],
    ...assemblyLines(assembly, display).flatMap(({ lines }): StyledLine[] => [[], ...lines]),
    [],
    [piece(verdict.text, verdict.tone)],
  ]
}
