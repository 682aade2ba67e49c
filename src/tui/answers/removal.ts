import { commandsOf } from '../../analysis/whatif/removal.ts'
import type { Question, Removal } from '../questions.ts'
import type { Scanned } from './scanned.ts'
import { removalsByRoot } from './wanted.ts'

/** What removing these objects together would free: a figure of every root, and null where one of them has none. */
export function answerRemoval(scanned: Scanned, { objects }: Question<'removal'>): Removal {
  const sum: { freedDisk: number | null; freedContent: number | null; refused: number; unknown: number } = {
    freedDisk: 0,
    freedContent: 0,
    refused: 0,
    unknown: objects.length,
  }
  for (const { simulator, lines, known } of removalsByRoot(scanned, objects)) {
    const { freed, refusals } = simulator.simulate(commandsOf(lines))
    sum.freedDisk = plus(sum.freedDisk, freed.disk)
    sum.freedContent = plus(sum.freedContent, freed.content)
    sum.refused += refusals.length
    sum.unknown -= known
  }
  return sum
}

const plus = (sum: number | null, bytes: number | null): number | null =>
  sum === null || bytes === null ? null : sum + bytes
