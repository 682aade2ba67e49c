import type { Catalog } from '../../analysis/catalog.ts'
import { type EngineRow, engineView } from '../../analysis/engine-view.ts'
import type { SummaryRules } from '../../analysis/summary-rules.ts'
import type { ReportEngineView } from '../schema.ts'

/** What the engines print of their roots; `asked` are the rules of another docker than the roots show. */
export function engineViewsOf(catalog: Catalog, asked: SummaryRules | null = null): ReportEngineView[] {
  const row = ({ total, active, size, reclaimable }: EngineRow) => ({ total, active, size, reclaimable })
  return catalog.model.roots.flatMap(({ path }) => {
    const view = engineView(catalog, path, asked)
    if (view === null) return []
    return [
      {
        root: view.root,
        engine: view.engine,
        command: `${view.engine} system df`,
        rule: view.rule,
        images: row(view.images),
        containers: row(view.containers),
        volumes: row(view.volumes),
        buildCache: row(view.buildCache),
      },
    ]
  })
}
