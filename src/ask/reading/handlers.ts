import type { Note } from '../contract.ts'
import { altered } from './altered.ts'
import { evidenceNotes } from './collect.ts'
import { leadOf } from './queries.ts'
import type { Run } from './run.ts'
import { copyFrom, derivedNote, lookUp, Notebook } from './searching.ts'
import type { TaskNode, TaskTree } from './tasks.ts'

/** What a step of a decomposition gives: notes, and what later steps are told of it. */
export interface Outcome {
  readonly notes: readonly Note[]
  readonly told: string
}
/** Everything that a handler sees. */
export interface HandlerScope {
  readonly run: Run
  readonly tree: TaskTree<Outcome>
  readonly node: TaskNode<Outcome>
  /** What the step before gave. */
  readonly before: Outcome
  /** Solves a text as a task of its own, decomposed again. */
  solve(text: string): Promise<Outcome>
}
/** Does one step of a plan: by a prompt, by retrieval, or as a function without a model. */
export type Handler = (text: string, scope: HandlerScope) => Promise<Outcome>
export type Handlers = Readonly<Record<string, { readonly does: string; readonly handle: Handler }>>

export const outcomeOf = (notes: readonly Note[]): Outcome => ({
  notes,
  told: notes
    .map(({ text }) => text.replace(/\s+/g, ' ').trim().slice(0, 300))
    .join('; ')
    .slice(0, 1200),
})

const find: Handler = async (text, { run, before }) => {
  const book = new Notebook()
  book.add(before.notes)
  await lookUp(run, book, text, { question: `${text}\n(needed for: ${run.request.question})` })
  return outcomeOf(book.notes)
}

/** What was found, then what its names and rare words lead to, until nothing new comes, at most four times. */
const follow: Handler = async (text, { run, before }) => {
  const book = new Notebook()
  book.add(before.notes)
  let query: string | undefined = text
  for (let hop = 0; hop < 4 && query !== undefined && run.stopped === undefined; hop++) {
    const fresh = await lookUp(run, book, query, { question: text, view: '' })
    if (fresh.length === 0 && hop > 1) break
    query = await leadOf(run, book.notes, [text, ...book.asked])
  }
  return outcomeOf(book.notes)
}

/** Every part of the text, read by itself; as many parts as it takes, so that a list may be longer than a prompt. */
const split: Handler = async (text, { run, tree }) => {
  const book = new Notebook()
  book.add(await evidenceNotes(altered(run, { call: (call) => tree.call(call) }), text))
  return outcomeOf(book.notes)
}

const read: Handler = async (text, { run, before }) => {
  const pieces = before.notes.flatMap(({ evidence, text: words, derived }) =>
    derived || evidence.length !== 1 ? [] : [{ span: evidence[0]!, text: words }],
  )
  return outcomeOf(await copyFrom(run, pieces, text, { purpose: `read again: ${text.slice(0, 80)}` }))
}

/** A function over the lines of the step before; what it works out is derived, from all of them. */
const symbolic =
  (work: (lines: readonly string[], text: string) => readonly string[]): Handler =>
  async (text, { before }) => {
    const lines = before.notes.map((note) => note.text.trim())
    const kept = work(lines, text)
    const notes = kept.flatMap(
      (line) => before.notes.find((note) => note.text.trim() === line) ?? derivedNote(line, before.notes) ?? [],
    )
    return outcomeOf(notes)
  }
const numbersIn = (line: string): number[] =>
  [...line.matchAll(/-?\d[\d,]*(?:\.\d+)?/g)].map(([number]) => Number(number.replace(/,/g, '')))
const wordsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
const byNumber = (lines: readonly string[]) => lines.toSorted((a, b) => (numbersIn(a)[0] ?? 0) - (numbersIn(b)[0] ?? 0))

export const standardHandlers: Handlers = {
  find: { does: 'retrieves passages for a query and copies what helps', handle: find },
  follow: { does: 'retrieves, then retrieves for what was found, hop by hop', handle: follow },
  split: { does: 'reads every part of the whole text for what is asked (for lists and counts)', handle: split },
  read: { does: 'copies from what the step before found', handle: read },
  ask: { does: 'solves a sub-question, split into steps again', handle: (text, { solve }) => solve(text) },
  unique: { does: 'each line of the step before once', handle: symbolic((lines) => [...new Set(lines)]) },
  count: {
    does: 'the number of different lines of the step before',
    handle: symbolic((lines) => [`There are ${new Set(lines).size}.`]),
  },
  sum: {
    does: 'the sum of the first number of each line',
    handle: symbolic((lines) => [`The sum is ${lines.reduce((sum, line) => sum + (numbersIn(line)[0] ?? 0), 0)}.`]),
  },
  sort: {
    does: 'the lines in the order of their first number, else of their words',
    handle: symbolic((lines) =>
      lines.some((line) => numbersIn(line).length > 0) ? byNumber(lines) : lines.toSorted(),
    ),
  },
  filter: {
    does: 'the lines that have all words of the input',
    handle: symbolic((lines, text) =>
      lines.filter((line) => {
        const own = new Set(wordsIn(line))
        return wordsIn(text).every((word) => own.has(word))
      }),
    ),
  },
}
