import type { ReportRoot } from './schema.ts'
import { formatBytes, percent, type Units } from './units.ts'

/** How full a file system is, in words: a line for its bytes, and one for its inodes where it counts them. */
export function fillLines(fileSystem: FileSystem, units: Units): string[] {
  const { totalBytes, availableBytes, totalInodes, freeInodes } = fileSystem
  const { percent: fullPercent, reservedBytes } = fillOf(fileSystem)
  const bytes = (value: number): string => formatBytes(value, units)
  const reserve = reservedBytes > 0 ? `, ${bytes(reservedBytes)} more for root alone` : ''
  const lines = [
    `file system ${fullPercent}% full: ${bytes(availableBytes)} of ${bytes(totalBytes)} free${reserve}`,
  ]
  if (totalInodes > 0)
    lines.push(
      `inodes ${percent(totalInodes - freeInodes, totalInodes)} used: ${freeInodes} of ${totalInodes} free`,
    )
  return lines
}

type FileSystem = NonNullable<ReportRoot['filesystem']>

/** How full a file system is, as `df` counts it: what is kept for root is neither used nor free. */
export function fillOf({ totalBytes, freeBytes, availableBytes }: FileSystem): {
  readonly usedBytes: number
  /** What is used, and what everyone can use. */
  readonly usableBytes: number
  readonly reservedBytes: number
  /** Rounded up, so that only what is full is 100% and what is nearly full says so. */
  readonly percent: number
} {
  const usedBytes = totalBytes - freeBytes
  const usableBytes = usedBytes + availableBytes
  return {
    usedBytes,
    usableBytes,
    reservedBytes: Math.max(0, freeBytes - availableBytes),
    percent: usableBytes > 0 ? Math.ceil((usedBytes * 100) / usableBytes) : 0,
  }
}
