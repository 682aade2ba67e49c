import type { Catalog } from '../../analysis/catalog.ts'
import { createLedger } from '../../analysis/ledger.ts'
import type { Withheld } from '../../analysis/orphans/orphan.ts'
import { emptyTally, type Tally } from '../../model/places.ts'
import type { ReportLedger } from '../schema.ts'

/** Where the bytes are, by category and root. */
export function ledgerOf(catalog: Catalog, withheld: readonly Withheld[]): ReportLedger {
  const { measured, total, entries } = createLedger(catalog, withheld)
  const figures = (tally: Tally) => ({
    content: tally.contentBytes,
    disk: tally.diskBytes,
    files: tally.files,
  })
  return {
    measured,
    total: figures(total),
    entries: entries.map(({ category, root, tally }) => ({ category, root, ...figures(tally) })),
    unexplained: figures(emptyTally()),
  }
}
