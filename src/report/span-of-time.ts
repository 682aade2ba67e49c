const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  mo: 2_592_000,
  y: 31_536_000,
}
const PART = /(\d+(?:\.\d+)?)(mo|[smhdwy])/gy

/** `30d`, `2w`, `1y6mo`, `1h30m` in milliseconds, months and years as long as ages count them; null where it is none. */
export function parseSpanOfTime(text: string): number | null {
  const wanted = text.trim().toLowerCase()
  const parts = [...wanted.matchAll(PART)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== wanted) return null
  return parts.reduce((sum, [, count, unit = 's']) => sum + Number(count) * (SECONDS[unit] ?? 0) * 1000, 0)
}
