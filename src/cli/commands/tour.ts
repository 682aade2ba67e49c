import { piece, type StyledLine } from '../../report/styled-text.ts'
import { renderTable } from '../../report/table.ts'
import { containerTable } from '../../report/tables/containers.ts'
import { layerTable } from '../../report/tables/layers.ts'
import { type TourStop, tourStops } from '../../report/tour.ts'
import { formatBytes } from '../../report/units.ts'
import { wrapText } from '../../report/wrap.ts'
import { type CommonOptions, displayOf } from '../options.ts'
import type { Session } from '../session.ts'
import { df } from './df.ts'
import { explainObject } from './explain.ts'
import { history } from './history.ts'
import { images } from './lists.ts'
import { tree } from './tree.ts'

const WIDTH = 80

/** `tour` where there is no terminal: the texts one after the other, each with the table that shows what it says. */
export function tour(session: Session, options: CommonOptions): readonly StyledLine[] {
  const { units } = displayOf(options, session.nowMs)
  const stops = tourStops(session.report, (value) => formatBytes(value, units))
  return stops.flatMap((stop, index): StyledLine[] => [
    [piece(`${index + 1}. ${stop.title}`, 'strong')],
    [],
    ...wrapText(stop.text, WIDTH).map((text): StyledLine => [piece(text)]),
    [],
    ...shown(session, options, stop),
    [],
  ])
}

function shown(session: Session, options: CommonOptions, { view }: TourStop): readonly StyledLine[] {
  const { report, nowMs } = session
  const display = displayOf(options, nowMs)
  switch (view.kind) {
    case 'overview':
      return lines(df(session, options, { verbose: false }))
    case 'list':
      return lines(
        view.view === 'layers' ? tree(session, options) : images(session, options, { all: view.all }),
      )
    case 'explain':
      return explainObject(session, options, { subject: view.ref, name: view.ref.id, store: view.ref.home })
    case 'object': {
      const { kind, id, home } = view.ref
      if (kind === 'image') return lines(history(session, options, id))
      if (kind === 'layer')
        return lines(
          renderTable(
            layerTable(report),
            report.layers.filter((layer) => layer.id === id && layer.store === home),
            display,
          ),
        )
      return lines(
        renderTable(
          containerTable,
          report.containers.filter((container) => container.id === id),
          display,
        ),
      )
    }
  }
}

const lines = (text: string): StyledLine[] => text.split('\n').map((line) => [piece(line)])
