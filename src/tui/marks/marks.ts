import type { Report } from '../../report/schema.ts'
import { indexOf, type ObjectRef, objectName, refKey } from '../objects.ts'
import type { Question } from '../questions.ts'
import type { State } from '../state.ts'
import { whyNotRemovable } from './why-not.ts'

/** What is marked to be removed, by what names it; in the order in which it was marked. */
export type Marks = ReadonlyMap<string, ObjectRef>

/** Marks an object, or takes its mark away; where docker cannot remove it, the message says why. */
export function toggleMark(state: State, ref: ObjectRef | null): State {
  const { report } = state
  if (report === null || ref === null) return { ...state, message: 'Nothing that can be marked is selected.' }
  const marks = new Map(state.marks)
  if (marks.delete(refKey(ref))) return { ...state, marks }
  const why = whyNotRemovable(report, ref)
  if (why !== null) return { ...state, message: why }
  return { ...state, marks: marks.set(refKey(ref), ref) }
}

/** Takes all marks away. */
export function clearMarks(state: State): State {
  if (state.marks.size === 0) return { ...state, message: 'Nothing is marked.' }
  return { ...state, marks: new Map(), message: 'No marks any more.' }
}

/** Marks of what a new report does not have any more go, with a word. */
export function marksKept(state: State, report: Report): Pick<State, 'marks' | 'message'> {
  const gone = [...state.marks.values()].filter((ref) => !isThere(report, ref))
  const [first] = gone
  if (first === undefined) return { marks: state.marks, message: state.message }
  const marks = new Map([...state.marks].filter(([, ref]) => isThere(report, ref)))
  const name = state.report === null ? first.id : objectName(state.report, first)
  const message =
    gone.length === 1
      ? `${name} is not here any more, and not marked.`
      : `${gone.length} that were marked are not here any more.`
  return { marks, message }
}

function isThere(report: Report, ref: ObjectRef): boolean {
  const index = indexOf(report)
  return [index.image, index.container, index.volume, index.cacheRecord].some(
    (find) => find(ref) !== undefined,
  )
}

const questions = new WeakMap<Marks, Question<'removal'>>()

/** What has to be known of these marks; the same question for as long as they are the same. */
export function removalQuestion(marks: Marks): Question<'removal'> {
  const known = questions.get(marks) ?? { kind: 'removal', objects: [...marks.values()] }
  questions.set(marks, known)
  return known
}
