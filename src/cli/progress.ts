import { writeSync } from 'node:fs'
import { engineSize } from '../report/units.ts'
import type { ScanEvents } from '../scan/scan.ts'

const CLEAR_LINE = '\r\u001b[K'

/** Shows the progress of a scan on one line of stderr, where that is a terminal; silent elsewhere. */
export function createProgress(): ScanEvents & { clear(): void } {
  if (!process.stderr.isTTY) return { onProgress: () => true, onModel: () => {}, clear: () => {} }
  const startedAt = performance.now()
  let shownAt = startedAt
  let shown = false
  return {
    onProgress({ phase, files, diskBytes }) {
      const now = performance.now()
      if (now - shownAt < 100) return true
      shownAt = now
      shown = true
      const rate = Math.round((files / (now - startedAt)) * 1000)
      const what =
        phase === 'reading'
          ? `reading ${files} files`
          : `measuring ${files} entries, ${engineSize(diskBytes)}`
      writeSync(2, `${CLEAR_LINE}${what} (${rate}/s)`)
      return true
    },
    onModel: () => {},
    clear() {
      if (shown) writeSync(2, CLEAR_LINE)
    },
  }
}
