import type { Source } from '../layouts/source.ts'
import { hasVanished, type MeasureProblem } from './walk.ts'

/** Says what the measured sizes lack and why; of what vanished meanwhile only how much it was. */
export function reportProblems(source: Source, problems: readonly MeasureProblem[]): void {
  const lasting = problems.filter((problem) => !hasVanished(problem))
  for (const { path, code } of lasting) {
    const isDenied = code === 'EACCES' || code === 'EPERM'
    source.report({
      code: 'unreadable',
      path,
      message: `${inShort(path)} cannot be entered${isDenied ? '' : `, as ${REASONS[code] ?? `the system says ${code}`}`}; what it holds is not in the measured sizes.`,
      ...(isDenied ? { hint: 'Run layerscope as root (sudo) to read all of it.' } : {}),
    })
  }
  const vanished = problems.length - lasting.length
  if (vanished > 0)
    source.report({
      code: 'changed-during-scan',
      message: `${vanished} ${vanished === 1 ? 'entry' : 'entries'} vanished while ${source.root} was measured; something is at work there.`,
    })
}

const REASONS: Readonly<Record<string, string>> = {
  ENAMETOOLONG:
    'its path is longer than the 4096 bytes that the system takes, and there is no /proc through which it could be reached',
  EIO: 'the disk or its file system is damaged there (EIO)',
}

const SHOWN = 200

/** A path that takes screens is told by its beginning and its end. */
const inShort = (path: string): string =>
  path.length <= SHOWN * 2 ? path : `${path.slice(0, SHOWN)}…${path.slice(-SHOWN)}`
