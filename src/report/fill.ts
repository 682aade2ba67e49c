import type { ReportRoot } from './schema.ts'

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
