import { readFileSync } from 'node:fs'

/** The mount points of this process's mount namespace, absolute; null where the kernel does not say. */
export function mountPoints(): Set<string> | null {
  try {
    return parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'))
  } catch {
    return null
  }
}

/** The fifth field of each line is the mount point, with blanks and the like in octal. */
export function parseMountInfo(content: string): Set<string> {
  const points = new Set<string>()
  for (const line of content.split('\n')) {
    const point = line.split(' ')[4]
    if (point !== undefined)
      points.add(
        point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
      )
  }
  return points
}
