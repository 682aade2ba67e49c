import type { Owner } from '../analysis/why/explanation.ts'
import type { Assembly } from '../model/assembly.ts'
import type { Plan } from '../report/whatif-summary.ts'
import type { DirectoryListing, SizesPart } from '../scan/browse/sized-directory.ts'
import type { FileView } from '../scan/view-file.ts'
import type { EntryKind } from '../tree/tree.ts'
import type { ObjectRef } from './objects.ts'

/** What is known of one path, and whose it is. */
export interface EntryFacts {
  readonly kind: EntryKind
  readonly contentBytes: number
  readonly diskBytes: number
  readonly isEstimated: boolean
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly modifiedMs: number
  readonly changedMs: number
  readonly links: number
  readonly inode: number
  /** What it is, in words, and to whom it belongs. */
  readonly what: string
  readonly owners: readonly Owner[]
}

/** What stands in a file, and whether it is one of the records of an engine. */
export type FileInRoot = FileView & { readonly isRecord: boolean }

/** A path of a root; with a category of the ledger, all paths that this category is made of. */
export interface At {
  readonly root: string
  readonly path: string
  readonly category?: string
}

/** The prune commands of one root, side by side. */
export interface RootWays {
  readonly root: string
  readonly ways: readonly {
    readonly command: string
    /** Bytes that the disk gets back, and what docker would say; null where it is not known. */
    readonly freedDisk: number | null
    readonly says: number | null
    /** Why it should not be run before something is repaired; null where nothing speaks against it. */
    readonly warning: string | null
  }[]
}

/** What removing some objects together comes to. */
export interface Removal {
  /** Bytes that the disk gets back; null where nothing was measured. */
  readonly freedDisk: number | null
  /** The same in file lengths; null where they are not known. */
  readonly freedContent: number | null
  /** How many names docker would refuse. */
  readonly refused: number
  /** How many of the objects docker does not know at all. */
  readonly unknown: number
}

/** How some objects can be removed together: one plan for each root that they are in. */
export interface RemovalPlan {
  readonly plans: readonly Plan[]
  readonly parts: readonly {
    readonly ref: ObjectRef
    /** Disk bytes that come back if it alone goes: 0 where docker refuses that, null where nothing was measured. */
    readonly aloneDisk: number | null
    /** It stays although all of them are to go. */
    readonly stays: boolean
  }[]
}

/**
 * What the pages can ask of the scan thread, which holds the model: for each kind the question, as plain data, and its
 * answer. A new kind is an entry here, a file in `answers/` that finds the answer, and a line in `answers/answer.ts`.
 */
interface Kinds {
  /** The entries of a directory, with their own sizes. */
  readonly directory: { readonly question: At; readonly answer: DirectoryListing }
  /** The sizes of the directories in it, part by part. */
  readonly sizes: { readonly question: At & { readonly part: number }; readonly answer: SizesPart }
  /** What is known of one path. */
  readonly entry: { readonly question: At; readonly answer: EntryFacts }
  /** What docker's prune commands would give back. */
  readonly ways: { readonly question: object; readonly answer: readonly RootWays[] }
  /** How an object is put together. */
  readonly explain: { readonly question: { readonly object: ObjectRef }; readonly answer: Assembly }
  /** What stands in a file, named relative to its root. */
  readonly file: { readonly question: At; readonly answer: FileInRoot }
  /** What removing these objects together would free. */
  readonly removal: {
    readonly question: { readonly objects: readonly ObjectRef[] }
    readonly answer: Removal
  }
  /** The same in full: the commands, what they do, and what stays. */
  readonly 'removal-plan': {
    readonly question: { readonly objects: readonly ObjectRef[] }
    readonly answer: RemovalPlan
  }
  /** What one docker command would do on a root. */
  readonly 'command-plan': {
    readonly question: { readonly root: string; readonly command: string }
    readonly answer: Plan
  }
}

export type QuestionKind = keyof Kinds

export type Question<K extends QuestionKind = QuestionKind> = {
  readonly [Each in K]: { readonly kind: Each } & Kinds[Each]['question']
}[K]

export type Answer<K extends QuestionKind> = Kinds[K]['answer']

/** What became of a question: its answer, or the sentence that says why there is none. */
export type Outcome<K extends QuestionKind = QuestionKind> = {
  readonly [Each in K]:
    | { readonly ok: true; readonly answer: Answer<Each> }
    | { readonly ok: false; readonly message: string }
}[K]

/** A question with its outcome, as it comes back from the scan thread. */
export type Reply<K extends QuestionKind = QuestionKind> = {
  readonly [Each in K]: {
    readonly kind: 'answer'
    readonly question: Question<Each>
    readonly outcome: Outcome<Each>
  }
}[K]

/** The outcomes by the keys of their questions; null for a question that is not answered yet. */
export type Replies = ReadonlyMap<string, Reply | null>

const keys = new WeakMap<Question, string>()

/** What names a question: the same for two that ask the same. */
export function questionKey(question: Question): string {
  const known = keys.get(question) ?? JSON.stringify(question, sorted)
  keys.set(question, known)
  return known
}

const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** What became of a question; null while it is not answered. */
export function outcomeOf<Q extends Question>(replies: Replies, question: Q): Outcome<Q['kind']> | null {
  const reply = replies.get(questionKey(question)) ?? null
  return reply !== null && isReplyTo(question.kind, reply) ? reply.outcome : null
}

const isReplyTo = <K extends QuestionKind>(kind: K, reply: Reply): reply is Extract<Reply, Reply<K>> =>
  reply.question.kind === kind
