/** The sum of figures of which some may be unknown; then the sum is, too. */
export function sumOf(parts: Iterable<number | null>): number | null {
  let sum = 0
  for (const part of parts) {
    if (part === null) return null
    sum += part
  }
  return sum
}

/** What is left of a figure; unknown where either is. */
export const less = (whole: number | null, part: number | null): number | null =>
  whole === null || part === null ? null : whole - part
