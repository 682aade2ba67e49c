/** The middle of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Measures two things in turn, after one round that does not count, so that whatever else the host does meets both.
 * Each function gives one figure, or a promise of it.
 */
export async function comparePairs(count, ours, baseline) {
  await ours()
  await baseline()
  const figures = { ours: [], baseline: [] }
  for (let pair = 0; pair < count; pair++) {
    figures.ours.push(await ours())
    figures.baseline.push(await baseline())
  }
  const ratios = figures.ours.map((figure, pair) => figure / figures.baseline[pair])
  return {
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    ours: median(figures.ours),
    baseline: median(figures.baseline),
  }
}
