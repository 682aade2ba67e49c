import { type Answer, outcomeOf, type Question } from '../questions.ts'
import type { PageContext } from './context.ts'
import type { PageWriter } from './document.ts'

/** The answer that a page needs; null where there is none (yet). While the page is on screen it is asked for. */
export function answerTo<Q extends Question>(
  out: PageWriter,
  page: PageContext,
  question: Q,
): Answer<Q['kind']> | null {
  out.needs(question)
  const outcome = outcomeOf(page.replies, question)
  return outcome?.ok === true ? outcome.answer : null
}

/** Writes what was answered; in its place a sentence while it is not there, or where there is none. */
export function writeAnswered<Q extends Question>(
  out: PageWriter,
  page: PageContext,
  question: Q,
  write: (answer: Answer<Q['kind']>) => void,
): void {
  out.needs(question)
  const outcome = outcomeOf(page.replies, question)
  if (outcome === null)
    out.sentence(page.isScanned ? 'Being looked up…' : 'Known when everything is read and measured.', 'faint')
  else if (outcome.ok) write(outcome.answer)
  else out.sentence(outcome.message, 'warning')
}
