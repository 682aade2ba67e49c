/** A JSON object of unknown shape, as `JSON.parse` gives it. */
export type JsonObject = { readonly [key: string]: unknown }

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads own members only, so that `__proto__` and `constructor` are what the file says. */
const member = (object: JsonObject, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined

/** The member as text; empty where it is absent or of another type. */
export function text(object: JsonObject, key: string): string {
  const value = member(object, key)
  return typeof value === 'string' ? value : ''
}

/** The member as non-empty text, else null. */
export const textOrNull = (object: JsonObject, key: string): string | null => text(object, key) || null

export function integer(object: JsonObject, key: string): number | null {
  const value = member(object, key)
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null
}

export const flag = (object: JsonObject, key: string): boolean => member(object, key) === true

/** The member as an object; an empty one where it is absent or of another type. */
export function record(object: JsonObject, key: string): JsonObject {
  const value = member(object, key)
  return isObject(value) ? value : {}
}

/** The member as a list; an empty one where it is absent or of another type. */
export function list(object: JsonObject, key: string): readonly unknown[] {
  const value = member(object, key)
  return Array.isArray(value) ? value : []
}

/** The text elements of a list; others are left out. */
export const texts = (object: JsonObject, key: string): readonly string[] =>
  list(object, key).filter((value): value is string => typeof value === 'string')

/** A map of texts; members of other types are left out. */
export function textMap(object: JsonObject, key: string): ReadonlyMap<string, string> {
  const map = new Map<string, string>()
  for (const [name, value] of Object.entries(record(object, key)))
    if (typeof value === 'string') map.set(name, value)
  return map
}

/**
 * A view of an object whose keys are matched without regard to case, as Go's decoder does.
 * The exact key wins over its variants.
 */
export function foldCase(object: JsonObject, keys: readonly string[]): JsonObject {
  const wanted = new Map(keys.map((key) => [key.toLowerCase(), key]))
  const folded: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(object)) {
    const key = wanted.get(name.toLowerCase())
    if (key !== undefined && !(Object.hasOwn(object, key) && name !== key)) folded[key] = value
  }
  return folded
}
