// Loaded into a measured Node where GNU time is not installed: writes the process's peak memory when it ends.
import { readFileSync, writeFileSync } from 'node:fs'

process.on('exit', () => {
  writeFileSync(process.env['LAYERSCOPE_BENCH_PEAK'] ?? '/dev/null', String(peakBytes()))
})

function peakBytes() {
  try {
    // Unlike the resource usage, this begins anew with exec and so leaves out the process that started this one.
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
    if (line !== null) return Number(line[1]) * 1024
  } catch {
    // No /proc on this system.
  }
  return process.resourceUsage().maxRSS * 1024
}
