import type { Answer, Outcome, Question, QuestionKind, Reply } from '../questions.ts'
import { answerCommandPlan } from './command-plan.ts'
import { answerDirectory, answerSizes } from './directory.ts'
import { answerEntry } from './entry.ts'
import { answerExplain, answerFile } from './explain.ts'
import { answerRemoval } from './removal.ts'
import { answerRemovalPlan } from './removal-plan.ts'
import type { Scanned } from './scanned.ts'
import { answerWays } from './ways.ts'

/** Who answers what. They run in the scan thread, where the disk may be read and nobody waits for a key. */
const ANSWERERS: {
  readonly [K in QuestionKind]: (scanned: Scanned, question: Question<K>) => Answer<K>
} = {
  'command-plan': answerCommandPlan,
  removal: answerRemoval,
  'removal-plan': answerRemovalPlan,
  directory: answerDirectory,
  sizes: answerSizes,
  entry: answerEntry,
  ways: answerWays,
  explain: answerExplain,
  file: answerFile,
}

/** Finds the answer to a question; what goes wrong on the way is its outcome, and never ends the thread. */
export function answerQuestion<K extends QuestionKind>(scanned: Scanned, question: Question<K>): Reply<K> {
  return { kind: 'answer', question, outcome: outcome(scanned, question) }
}

function outcome<K extends QuestionKind>(scanned: Scanned, question: Question<K>): Outcome<K> {
  try {
    return { ok: true, answer: ANSWERERS[question.kind](scanned, question) }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { ok: false, message: `This could not be found out: ${why}.` }
  }
}
