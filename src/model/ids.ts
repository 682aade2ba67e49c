declare const digestBrand: unique symbol

/** A `sha256:<64 lower-case hex>` string that was checked once, where it entered the program. */
export type Digest = string & { readonly [digestBrand]: true }

const HEX64 = /^[a-f0-9]{64}$/
const HEX16 = /^[a-f0-9]{16}$/
const BUILDKIT_ID = /^[a-z0-9]{25}$/
const SHORT_LINK = /^[A-Z2-7]{26}$/

export const isHex64 = (text: string): boolean => HEX64.test(text)

/** Image ids of Docker 0.1 were 8 random bytes, all later ones are 32. */
export const isGraphId = (text: string): boolean => HEX64.test(text) || HEX16.test(text)

/** BuildKit names its records and snapshots with 25 base-36 characters. */
export const isBuildkitId = (text: string): boolean => BUILDKIT_ID.test(text)

/** The name of an entry of `overlay2/l`: 26 base-32 characters. */
export const isShortLink = (text: string): boolean => SHORT_LINK.test(text)

/** Reads `sha256:<hex>`; null for anything else, surrounding white space included. */
export function parseDigest(text: string): Digest | null {
  return text.startsWith('sha256:') && HEX64.test(text.slice(7)) ? (text as Digest) : null
}

/** Makes a digest of the bare hex that names a file or directory; null where it is not 64 hex characters. */
export function digestFromHex(hex: string): Digest | null {
  return HEX64.test(hex) ? (`sha256:${hex}` as Digest) : null
}

export const hexOf = (digest: Digest): string => digest.slice(7)

/** The first 12 characters of the hex, for display only. */
export function shortId(id: string): string {
  const hex = id.startsWith('sha256:') ? id.slice(7) : id
  return hex.slice(0, 12)
}

/**
 * Whether a text read from disk may be joined to a path: one plain component that cannot leave its directory.
 * An engine that joins anything else removes what it then points at (seen: dockerd 20.10 and a climbing `cache-id`).
 */
export function isPlainName(text: string): boolean {
  return (
    text !== '' &&
    text !== '.' &&
    text !== '..' &&
    !text.includes('/') &&
    !text.includes('\0') &&
    Buffer.byteLength(text) <= 255
  )
}
