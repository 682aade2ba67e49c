import { isPlainName, isShortLink } from '../../model/ids.ts'
import type { Expected } from '../../tree/read-ahead.ts'
import type { Entry } from '../../tree/tree.ts'
import type { Read, Source } from '../source.ts'
import type { Driver } from './driver.ts'

/** What overlay2 should find under one of its directories, as the layer records say. */
export interface ExpectedDirectory {
  readonly id: string
  /** The directory of the layer below; null for a base. Undefined where it is unknown. */
  readonly below: string | null | undefined
  /** The directory whose files this one holds once more: BuildKit keeps its own where a layer was there already. */
  readonly copyOf?: string
  readonly owner: { readonly kind: 'layer' | 'container' | 'cache-record'; readonly id: string }
}

/** What lies in the driver's own directory, by name. */
type Present = ReadonlyMap<string, Entry>

/** An entry of `l/` that nothing needs. */
export interface StrayLink {
  readonly path: string
  readonly reason: string
}

const SHORT_LINKS = /^l\/[A-Z2-7]{26}(?::l\/[A-Z2-7]{26})*$/
const LINK_FILES = ['link', 'lower']

/** What the files of a directory say. */
interface LinkFiles {
  readonly link: string | null
  /** The directory whose ancestry it is, where it is that of one: those lists are long, and each holds the next one. */
  lower: string | null | LinkFiles
}

/** Whether the driver keeps short links. */
export const hasOverlayLinks = ({ name }: Driver): boolean => name === 'overlay2' || name === 'fuse-overlayfs'

/** The entries of the directory of short links. */
export const shortLinksOf = (source: Source, home: string): readonly Entry[] => source.list(`${home}/l`)

/**
 * What will be read to see how the directories of the driver stand on each other, in the order of the check; no link is
 * followed to any.
 */
export const overlayLinkFiles = (
  home: string,
  links: readonly Entry[],
  directories: readonly string[],
): Expected[] => [
  { home: `${home}/l`, links: links.filter(({ kind }) => kind === 'symlink').map(({ name }) => name) },
  { home, names: directories, texts: LINK_FILES, lengths: [] },
]

/** What the entries of `l/` show. */
interface ShortLinks {
  /** A directory → the link that leads to it. */
  readonly byDirectory: ReadonlyMap<string, string>
  /** The entries that nothing needs. */
  readonly strays: readonly StrayLink[]
}

/**
 * Checks the files `link` and `lower` of every directory that a record stands for, which comes after those that it stands
 * on or that are copies of them. `lower` must be the link of the layer below followed by that layer's own `lower`: the
 * whole ancestry, nearest first.
 */
export function checkLinkFiles(
  source: Source,
  home: string,
  links: ShortLinks,
  present: Present,
  expected: Iterable<ExpectedDirectory>,
): void {
  const found: Found = { links, files: new Map(), claimed: new Map() }
  const copies = new Map<string, string[]>()
  const ancestries = new Ancestries()
  for (const directory of expected) {
    const { id, copyOf } = directory
    if (copyOf !== undefined) copies.set(copyOf, [...(copies.get(copyOf) ?? []), id])
    if (present.has(id) && !found.files.has(id))
      found.files.set(id, readLinkFiles(source, home, directory, found))
    compareLower(source, home, directory, { files: found.files, copies, ancestries })
  }
}

/** What was found of the directories so far. */
interface Found {
  readonly links: ShortLinks
  readonly files: Map<string, LinkFiles>
  /** Links that do not lead to the directories that name them, which are rare, with the first of those. */
  readonly claimed: Map<string, string>
}

function readLinkFiles(
  source: Source,
  home: string,
  { id, owner }: ExpectedDirectory,
  found: Found,
): LinkFiles {
  const at = { home, id, owner }
  const [linkFile, lowerFile] = source.texts(`${home}/${id}`, LINK_FILES)
  const link = linkFile === undefined ? null : linkOf(source, at, linkFile)
  const lower = lowerFile === undefined ? null : lowerOf(source, at, lowerFile)
  if (link === null) return { link, lower }
  const own = found.links.byDirectory.get(id)
  const target = own === link ? id : checkLinkTarget(source, at, link)
  const other = found.claimed.get(link) ?? (found.files.get(target ?? '')?.link === link ? target : null)
  if (own !== link && other === null) found.claimed.set(link, id)
  if (other !== null)
    source.report({
      code: 'overlay-link-duplicate',
      subject: owner,
      path: `${home}/${id}/link`,
      message: `The directories ${other} and ${id} both claim the short link ${link}: a container on one of them is mounted with the files of the other.`,
    })
  // One string for one link takes less memory.
  return { link: own === link ? own : link, lower }
}

/** Looks at each entry of `overlay2/l`; links that lead nowhere are counted. */
export function checkShortLinks(
  source: Source,
  home: string,
  links: readonly Entry[],
  present: Present,
): ShortLinks {
  const strays: StrayLink[] = []
  const stale: string[] = []
  const byDirectory = new Map<string, string>()
  for (const entry of links) {
    const path = `${home}/l/${entry.name}`
    if (entry.kind !== 'symlink') {
      strays.push({ path, reason: `a ${entry.kind} where only short links belong` })
      source.report({
        code: 'overlay-link-damaged',
        path,
        message: `${path} is a ${entry.kind} where only symbolic links belong.`,
      })
      continue
    }
    const read = source.readlink(path)
    // A link that vanished since the listing belonged to a layer that is being removed.
    if (!read.ok) continue
    const id = directoryOf(read.value)
    const found = present.get(id ?? '')
    if (id === null)
      source.report({
        code: 'unsafe-name',
        path,
        message: `The short link ${path} leads to ${JSON.stringify(read.value)} instead of a layer directory beside it. It is not followed here; an engine that mounts a layer through it would read that place.`,
      })
    else if (found !== undefined) byDirectory.set(found.name, entry.name)
    else {
      stale.push(entry.name)
      strays.push({ path, reason: `a short link to ${home}/${id}, which is gone` })
    }
  }
  if (stale.length > 0)
    source.report({
      code: 'overlay-link-stale',
      path: `${home}/l`,
      message: `${stale.length} short ${stale.length === 1 ? 'link leads' : 'links lead'} to directories that are gone (${stale.slice(0, 3).join(', ')}${stale.length > 3 ? ', …' : ''}). They are harmless and take almost no space.`,
    })
  return { byDirectory, strays }
}

/** The directory that a short link leads to; null where it leads anywhere else. */
function directoryOf(target: string): string | null {
  const id = /^\.\.\/([^/]+)\/diff$/.exec(target)?.[1]
  return id === undefined || !isPlainName(id) ? null : id
}

/** A directory of the driver that is looked at. */
interface At {
  readonly home: string
  readonly id: string
  readonly owner: ExpectedDirectory['owner']
}

function linkOf(source: Source, { home, id, owner }: At, content: Read<string>): string | null {
  const link = content.ok ? content.value.trim() : ''
  if (content.ok && isShortLink(link)) return link
  const path = `${home}/${id}/link`
  source.report({
    code: 'overlay-link-damaged',
    subject: owner,
    path,
    message: `${path} ${content.ok ? damagedText(link) : content.problem}. A container on this layer does not start ("readlink ${home}/l: invalid argument").`,
    hint: `The link's name stands in the lower file of the layers above, and in ${home}/l.`,
  })
  return null
}

function lowerOf(source: Source, { home, id, owner }: At, content: Read<string>): string | null {
  const path = `${home}/${id}/lower`
  if (!content.ok) {
    if (content.code !== 'missing')
      source.reportFailure(content, {
        code: 'overlay-lower-damaged',
        subject: owner,
        path,
        message: `${path}, which lists the layers below, ${content.problem}.`,
      })
    return null
  }
  const lower = content.value.trim()
  if (SHORT_LINKS.test(lower)) return lower
  const parts = lower.split(':')
  if (parts.some((part) => part.startsWith('/') || part.split('/').includes('..')))
    source.report({
      code: 'unsafe-name',
      subject: owner,
      path,
      message: `${path} names a place outside the layer directories: ${JSON.stringify(lower.slice(0, 200))}. It is not followed here; an engine would mount it into containers.`,
    })
  else
    source.report({
      code: 'overlay-lower-damaged',
      subject: owner,
      path,
      message: `${path}, which lists the layers below, ${damagedText(lower)}. A container on this layer does not start.`,
      hint: 'The right order can be rebuilt from the layer database: see the chain of this layer.',
    })
  return null
}

function damagedText(text: string): string {
  if (text === '') return 'is empty'
  if (/^\0+$/.test(text))
    return 'is filled with NUL bytes, as a power loss or a full disk leaves files behind'
  return `does not hold short links: ${JSON.stringify(text.slice(0, 80))}`
}

/** Gives the directory that a link leads to; null where it leads to none. */
function checkLinkTarget(source: Source, { home, id, owner }: At, link: string): string | null {
  const read = source.readlink(`${home}/l/${link}`)
  if (read.ok && read.value === `../${id}/diff`) return id
  const target = read.ok ? directoryOf(read.value) : null
  source.report({
    code: 'overlay-link-missing',
    subject: owner,
    path: `${home}/l/${link}`,
    message:
      target === null
        ? `The short link ${home}/l/${link} of directory ${id} is missing. A container on this layer does not start.`
        : `The short link ${home}/l/${link} should lead to directory ${id}, but leads to ${target}.`,
  })
  return target
}

/** What BuildKit builds on its own copy of a layer is mounted on that copy, whatever directory the layer's record names. */
function compareLower(
  source: Source,
  home: string,
  directory: ExpectedDirectory,
  {
    files,
    copies,
    ancestries,
  }: {
    files: ReadonlyMap<string, LinkFiles>
    copies: ReadonlyMap<string, readonly string[]>
    ancestries: Ancestries
  },
): void {
  const own = files.get(directory.id)
  if (own === undefined || directory.below === undefined) return
  const path = `${home}/${directory.id}/lower`
  const complain = (message: string): void =>
    source.report({ code: 'overlay-lower-mismatch', subject: directory.owner, path, message })
  if (directory.below === null) return
  if (own.lower === null) {
    if (files.has(directory.below) && source.isMissing(path))
      complain(
        `${path} is missing, though this layer stands on ${directory.below}. The engine mounts it without the layers below.`,
      )
    return
  }
  const below = files.get(directory.below)
  if (below?.link === undefined || below.link === null) return
  const accepted = [directory.below, ...(copies.get(directory.below) ?? [])].map((id) => files.get(id))
  const lower = listOf(own.lower)
  const standsOn = accepted.find((each) => each !== undefined && lower === ancestries.on(each))
  if (standsOn !== undefined) ancestries.settle(own, lower, standsOn)
  else
    complain(
      `${path} does not list the ancestry that the records give: it should begin with l/${below.link}, the layer below. A container on this layer sees other files than its image has.`,
    )
}

/** The ancestries of directories, as the `lower` of what stands on them has them. */
class Ancestries {
  #last: LinkFiles | null = null
  #lastLower = ''

  /** The list of a directory that stands on this one. */
  on(files: LinkFiles): string {
    const lower = files === this.#last ? this.#lastLower : listOf(files.lower)
    return lower === '' ? `l/${files.link}` : `l/${files.link}:${lower}`
  }

  /** Keeps of a directory's list only whose ancestry it is; mostly the next to be asked for stands on this one. */
  settle(files: LinkFiles, lower: string, below: LinkFiles): void {
    files.lower = below
    this.#last = files
    this.#lastLower = lower
  }
}

function listOf(lower: string | null | LinkFiles): string {
  const links: string[] = []
  let at = lower
  for (; at !== null && typeof at !== 'string'; at = at.lower) links.push(`l/${at.link}`)
  return [...links, ...(at === null ? [] : [at])].join(':')
}
