import { findOrphans } from '../../../src/analysis/orphans/find-orphans.ts'
import type { Orphan, Orphans } from '../../../src/analysis/orphans/orphan.ts'
import type { Finding } from '../../../src/model/findings.ts'
import type { Stray, Survey } from '../../../src/model/places.ts'
import { catalogOf, ROOT, survey } from '../build-model.ts'

export type Parts = NonNullable<Parameters<typeof catalogOf>[0]>

/** What is found in a root that is made of these parts. */
export const orphansOf = (parts: Parts = {}, over: Partial<Survey> = {}): Orphans =>
  findOrphans(catalogOf(parts, [{ ...survey([]), ...over }]).catalog)

export const foundIn = (parts: Parts = {}, over: Partial<Survey> = {}): readonly Orphan[] =>
  orphansOf(parts, over).found

export const stray = (path: string, over: Partial<Stray> = {}): Stray => ({
  path,
  kind: 'directory',
  modifiedMs: 0,
  inDoubt: false,
  ...over,
})

export const finding = (code: Finding['code'], path: string | null, root = ROOT): Finding => ({
  code,
  subject: null,
  root,
  path,
  message: `${code} at ${path}`,
  hint: null,
})
