import type { Analyzer } from '../../core/index.ts'
import type { Note } from '../contract.ts'
import { fenced } from './notes.ts'
import type { TypedRecord } from './records.ts'

/** Two notes that cannot both be so, as far as words show. */
export interface Conflict {
  readonly one: Note
  readonly other: Note
  /** What differs between them. */
  readonly why: 'number' | 'negation' | 'name'
  readonly values: readonly [string, string]
}

/** Share of the shorter note's content words that the other must have too. */
const shared = 0.6
const negation = /\b(?:not|no|never|none|neither|nor|without|cannot)\b|n't\b/gi
const numbers = /\d+(?:[.,:]\d+)*/g
const names = /(?<!^)(?<![.!?]\s)\b\p{Lu}[\p{L}'’-]+/gu

/**
 * The table of notes that disagree, each pair once: they share most of their content words and differ in a number, in a negation, or in
 * one name. Words show a candidate and prove nothing (two events of one kind look the same), so both are told and neither is dropped.
 * `most` pairs are given; notes beyond the first 400 are not compared.
 */
export function conflictsOf(notes: readonly Note[], analyzer: Analyzer, most = 20): Conflict[] {
  const known = notes.slice(0, 400).map((note) => ({ note, ...factsOf(note.text, analyzer) }))
  const found: Conflict[] = []
  for (const [index, one] of known.entries())
    for (const other of known.slice(index + 1)) {
      if (found.length >= most) return found
      const [few, many] = one.words.size <= other.words.size ? [one.words, other.words] : [other.words, one.words]
      if (few.size < 2 || [...few].filter((word) => many.has(word)).length < shared * few.size) continue
      const pair = { one: one.note, other: other.note }
      const numbersDiffer = apart(one.numbers, other.numbers)
      const namesDiffer = apart(one.names, other.names)
      if (numbersDiffer) found.push({ ...pair, why: 'number', values: numbersDiffer })
      else if (one.negations % 2 !== other.negations % 2)
        found.push({ ...pair, why: 'negation', values: [one.note.text, other.note.text] })
      else if (namesDiffer && one.names.length === other.names.length)
        found.push({ ...pair, why: 'name', values: namesDiffer })
    }
  return found
}

function factsOf(text: string, analyzer: Analyzer) {
  const own = text.match(numbers) ?? []
  const proper = text.match(names) ?? []
  const skipped = new Set(proper.flatMap((name) => analyzer.terms(name).map(({ term }) => term)))
  const words = new Set<string>()
  for (const { term } of analyzer.terms(text))
    if (!analyzer.isStopTerm(term) && !/\d/.test(term) && !skipped.has(term)) words.add(term)
  return { words, numbers: own, names: proper, negations: text.match(negation)?.length ?? 0 }
}

/** What each of two lists has that the other lacks, where that is one thing each; undefined where they agree or differ in more. */
function apart(one: readonly string[], other: readonly string[]): [string, string] | undefined {
  const [left, right] = [one.filter((value) => !other.includes(value)), other.filter((value) => !one.includes(value))]
  return left.length === 1 && right.length === 1 ? [left[0]!, right[0]!] : undefined
}

/** The table in words for a prompt or an answer; '' where all agree. */
export const conflictText = (conflicts: readonly Conflict[]): string =>
  conflicts.length === 0
    ? ''
    : `These disagree in their words; weigh both:\n${fenced(conflicts.map(({ one, other, why }) => `- "${one.text}" and "${other.text}" (${why})`).join('\n'))}`

export interface RecordConflict {
  readonly one: TypedRecord
  readonly other: TypedRecord
  readonly field: string
}

/** Records of one type whose first text is the same and whose value of another field, no list, is not. */
export function recordConflicts(records: readonly TypedRecord[]): RecordConflict[] {
  const fold = (value: unknown): string => JSON.stringify(value).toLowerCase()
  const keyOf = ({ type, fields }: TypedRecord) => {
    const [name, value] = Object.entries(fields).find(([, own]) => typeof own === 'string') ?? ['', '']
    return { name, key: `${type} ${fold(value)}` }
  }
  return [...Map.groupBy(records, (record) => keyOf(record).key).values()].flatMap((group) =>
    group.flatMap((one, index) =>
      group.slice(index + 1).flatMap((other) =>
        Object.keys(one.fields)
          .filter((field) => field !== keyOf(one).name && other.fields[field] !== undefined)
          .filter((field) => !Array.isArray(one.fields[field]) && fold(one.fields[field]) !== fold(other.fields[field]))
          .map((field) => ({ one, other, field })),
      ),
    ),
  )
}
