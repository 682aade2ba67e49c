import { writeSync } from 'node:fs'
import { engineSize } from '../report/units.ts'
import type { ScanProgress } from '../scan/scan-events.ts'

const CLEAR_LINE = '\r\u001b[K'

/** One line on stderr that shows how far a scan is. */
export interface ProgressLine {
  show(progress: ScanProgress): void
  clear(): void
}

export function createProgress(): ProgressLine {
  let phase = ''
  let startedAtMs = 0
  let shown = false
  return {
    show({ phase: current, root, files, diskBytes }) {
      const nowMs = performance.now()
      if (`${current} ${root}` !== phase) {
        phase = `${current} ${root}`
        startedAtMs = nowMs
      }
      const seconds = (nowMs - startedAtMs) / 1000
      const rate = seconds > 0.2 ? `, ${Math.round(files / seconds)}/s` : ''
      const what =
        current === 'reading'
          ? `reading: ${files} files`
          : `measuring: ${files} entries, ${engineSize(diskBytes)}`
      writeSync(2, `${CLEAR_LINE}${what}${rate}  (Ctrl-C keeps what is there)`)
      shown = true
    },
    clear() {
      if (shown) writeSync(2, CLEAR_LINE)
    },
  }
}
