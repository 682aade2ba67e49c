/** A name of an image in full, as the engine compares and sorts them: `docker.io/library/app:1`. */
export interface Reference {
  /** Domain and path, without tag and digest. */
  readonly repository: string
  readonly tag: string | null
  readonly digest: string | null
}

const HEX64 = /^[a-f0-9]{64}$/
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const DOMAIN =
  '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]+)?'
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`)
const DOMAIN_ONLY = new RegExp(`^(?:${DOMAIN}|\\[[0-9a-fA-F:]+\\](?::[0-9]+)?)$`)
const TAG = /^[\w][\w.-]{0,127}$/

const DEFAULT_DOMAIN = 'docker.io'
const OFFICIAL = 'library/'

/** Why a text names no image, in the words of 20.10. */
export class BadReference extends Error {
  /** The path that has upper-case letters, where it is that. */
  readonly upperCasePath: string | null

  constructor(message: string, upperCasePath: string | null = null) {
    super(message)
    this.upperCasePath = upperCasePath
  }
}

/** What the user typed for an image: a whole id, or a name (which an id prefix also looks like). */
export type Typed = { readonly id: string } | { readonly name: Reference }

/** Reads what stands for an image on a command line. Throws BadReference (distribution/reference, ParseAnyReference). */
export function parseTyped(text: string): Typed {
  if (HEX64.test(text)) return { id: `sha256:${text}` }
  if (/^sha256:[a-f0-9]{64}$/.test(text)) return { id: text }
  return { name: parseReference(text) }
}

/** Reads a name as the user writes it, short forms included. Throws BadReference. */
export function parseReference(text: string): Reference {
  if (HEX64.test(text))
    throw new BadReference(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`)
  const [beforeDigest = '', digest = null] = splitOnce(text, text.indexOf('@'))
  const { domain, rest } = splitDomain(beforeDigest)
  const colon = rest.indexOf(':')
  const [path = '', tag = null] = splitOnce(rest, colon)
  if (path !== path.toLowerCase())
    throw new BadReference('invalid reference format: repository name must be lowercase', path)
  const isValid =
    DOMAIN_ONLY.test(domain) &&
    PATH.test(path) &&
    (tag === null || TAG.test(tag)) &&
    (digest === null || DIGEST.test(digest))
  if (!isValid) throw new BadReference('invalid reference format')
  return { repository: `${domain}/${path}`, tag, digest }
}

const splitOnce = (text: string, at: number): [string] | [string, string] =>
  at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)]

/** The first part is a domain if it could not be a path: it has a dot, a colon or an upper-case letter, or is localhost. */
function splitDomain(name: string): { domain: string; rest: string } {
  const slash = name.indexOf('/')
  const first = name.slice(0, Math.max(slash, 0))
  const isDomain =
    slash !== -1 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first)
  const domain = isDomain ? first : DEFAULT_DOMAIN
  const rest = isDomain ? name.slice(slash + 1) : name
  if (domain === 'index.docker.io' || domain === DEFAULT_DOMAIN)
    return { domain: DEFAULT_DOMAIN, rest: rest.includes('/') ? rest : `${OFFICIAL}${rest}` }
  return { domain, rest }
}

/** A name without tag and digest means the tag `latest`; one with both means the digest alone. */
export function completed(reference: Reference): Reference {
  if (reference.digest !== null) return { ...reference, tag: null }
  return reference.tag === null ? { ...reference, tag: 'latest' } : reference
}

export const referenceKey = ({ repository, tag, digest }: Reference): string =>
  `${repository}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`

/** The name as the engine prints it, without what goes without saying. */
export function familiar(reference: Reference): string {
  const key = referenceKey(reference)
  if (!key.startsWith(`${DEFAULT_DOMAIN}/`)) return key
  const short = key.slice(DEFAULT_DOMAIN.length + 1)
  const official = reference.repository.startsWith(`${DEFAULT_DOMAIN}/${OFFICIAL}`)
  return official && !reference.repository.slice(DEFAULT_DOMAIN.length + 1 + OFFICIAL.length).includes('/')
    ? short.slice(OFFICIAL.length)
    : short
}

/** All of one repository, with at most one tag among them (image_delete.go, isSingleReference). */
export function isSingleReference(references: readonly Reference[]): boolean {
  if (references.length <= 1) return true
  const tagged = references.filter((reference) => reference.digest === null)
  if (tagged.length > 1) return false
  const repositories = new Set(references.map((reference) => reference.repository))
  return repositories.size === 1
}
