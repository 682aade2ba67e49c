import { only, type Update } from '../events.ts'
import { directoryQuestions } from '../lists/directory-data.ts'
import { removalQuestion } from '../marks/marks.ts'
import { type Outcome, type Question, type QuestionKind, questionKey, type Reply } from '../questions.ts'
import { currentPage, displayOf, type Page, type State } from '../state.ts'
import { textOf } from './page-data.ts'

const OF_THE_DISK: ReadonlySet<QuestionKind> = new Set<QuestionKind>(['directory', 'sizes', 'file'])
const NOT_READ = 'Not known: reading was stopped before everything was read. r reads again.'

const notRead = <K extends QuestionKind>(question: Question<K>): Reply<K> => ({
  kind: 'answer',
  question,
  outcome: unknownOutcome(),
})

function unknownOutcome<K extends QuestionKind>(): Outcome<K> {
  return { ok: false, message: NOT_READ }
}

/** Asks the scan thread for what the screen lacks, each thing once; before the scan is done there is nobody to ask. */
export function askWhatIsNeeded(state: State): Update {
  if (state.scan.phase !== 'done' && state.scan.phase !== 'stopped') return only(state)
  const missing = new Map(
    questionsOf(state)
      .map((question): [string, Question] => [questionKey(question), question])
      .filter(([key]) => !state.replies.has(key)),
  )
  if (missing.size === 0) return only(state)
  const replies = new Map(state.replies)
  for (const key of missing.keys()) replies.set(key, null)
  // Of half of the records nobody can say what holds what: only the disk itself is asked about.
  const unknown = [...missing].filter(([, { kind }]) => !state.isReadWhole && !OF_THE_DISK.has(kind))
  for (const [key, question] of unknown) {
    replies.set(key, notRead(question))
    missing.delete(key)
  }
  const effects = [...missing.values()].map((question) => ({ kind: 'ask', question }) as const)
  return only({ ...state, replies }, ...effects)
}

function questionsOf(state: State): readonly Question[] {
  const page = currentPage(state)
  return [...pageQuestions(state, page), ...(state.marks.size > 0 ? [removalQuestion(state.marks)] : [])]
}

function pageQuestions(state: State, page: Page): readonly Question[] {
  if (page.kind === 'document') return textOf(state, page).questions
  if (page.place === null || state.report === null) return []
  return [
    // Whose it is.
    ...(page.place.category === undefined ? [{ kind: 'entry', ...page.place } as const] : []),
    ...directoryQuestions(state.replies, page.place, displayOf(state, state.report)),
  ]
}

/** Keeps an answer that was waited for. */
export function withReply(state: State, reply: Reply): State {
  const key = questionKey(reply.question)
  if (state.replies.get(key) !== null) return state
  return { ...state, replies: new Map([...state.replies, [key, reply]]) }
}

/** Whoever was asked is gone, and will not answer any more. */
export const withoutPending = (state: State): State => ({
  ...state,
  replies: new Map([...state.replies].filter(([, reply]) => reply !== null)),
})
