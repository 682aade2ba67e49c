import { Claims } from '../../src/model/claims.ts'
import type { Claim } from '../../src/model/places.ts'

/** Claims in the order of a list. */
export function claimsOf(list: Iterable<Claim>): Claims {
  const claims = new Claims()
  for (const { path, place, owner, store, content } of list)
    claims.add(path, place, owner, store, { content })
  return claims
}

/** Claims of which only the paths matter. */
export function claimsOn(paths: Iterable<string>): Claims {
  const claims = new Claims()
  for (const path of paths) claims.add(path, 'other', null, null)
  return claims
}
