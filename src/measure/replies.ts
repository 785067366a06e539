import { commonSubsequence } from './align.ts'
import { rougeWords } from './rouge.ts'
import { bare, bareWords, common, harmonic } from './words.ts'

/** What the scorers of published sets do before and beside the metrics: pieces for the `check` of a sample. */

/** The first line with anything on it, as the scorers of sets with examples take it. */
export const firstLine = (said: string): string => said.replace(/^\n+/, '').split('\n', 1)[0]!

export const numbersIn = (said: string): string[] => said.match(/\d+/g) ?? []

/** The share of the numbers said that are the one wanted, 0 when none is said. */
export function shareOfNumbers(said: string, wanted: string): number {
  const numbers = numbersIn(said)
  return numbers.length === 0 ? 0 : numbers.filter((number) => number === wanted).length / numbers.length
}

/** Words shared with the nearest form, as the metric `f1` has it. */
export function wordF1(said: string, forms: readonly string[]): number {
  const heard = bareWords(said)
  return Math.max(
    0,
    ...forms.map((form) => {
      const words = bareWords(form)
      if (words.length === 0 || heard.length === 0) return words.length === heard.length ? 1 : 0
      const shared = common(heard, words)
      return harmonic(shared / heard.length, shared / words.length)
    }),
  )
}

/** ROUGE-L of short texts with the nearest form. Lin 2004. */
export function lineRouge(said: string, forms: readonly string[]): number {
  const heard = rougeWords(said)
  return Math.max(
    0,
    ...forms.map((form) => {
      const wanted = rougeWords(form)
      const length = commonSubsequence(wanted, heard)
      return length === 0 ? 0 : harmonic(length / heard.length, length / wanted.length)
    }),
  )
}

/** Twice the characters of the longest common subsequence over those of both texts: 1 for the same, 0 for nothing shared. */
export function likeness(one: string, other: string): number {
  const [left, right] = [[...one], [...other]]
  const all = left.length + right.length
  return all === 0 ? 1 : (2 * commonSubsequence(left, right)) / all
}

/** What a reply gives in brackets: on its last line that says "final answer", else on the first line that has any. */
export function finalList(said: string): unknown[] | undefined {
  const lines = said
    .replace(/[*`]/g, '')
    .split('\n')
    .filter((line) => line.includes('[') && line.lastIndexOf(']') > line.indexOf('['))
  const line = lines.findLast((text) => /final answer/i.test(text)) ?? lines[0]
  return line === undefined ? undefined : parsedList(line.slice(line.indexOf('['), line.lastIndexOf(']') + 1))
}

/** A list of JSON, or of Python as models write it: single quotes, bare words, None. */
function parsedList(text: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text)
    if (Array.isArray(list)) return list
  } catch {
    // Not JSON.
  }
  let at = 0
  const skip = (): void => {
    while (at < text.length && /[\s,]/.test(text[at]!)) at++
  }
  const value = (): unknown => {
    if (text[at] === '[' || text[at] === '(') return list()
    const sign = text[at]!
    if (sign === "'" || sign === '"') {
      // A quote ends where a comma, a bracket or the end follows, so that "the devil's" stays whole.
      const rest = text.slice(at + 1)
      const length = rest.search(new RegExp(`(?<!\\\\)${sign}(?=\\s*([,\\])]|$))`))
      const inner = length === -1 ? rest : rest.slice(0, length)
      at += inner.length + 2
      return inner.replace(/\\(.)/g, '$1')
    }
    const [word] = /^[^,[\]()]*/.exec(text.slice(at))!
    at += Math.max(1, word.length)
    return word.trim()
  }
  const list = (): unknown[] => {
    const items: unknown[] = []
    at++
    for (skip(); at < text.length && text[at] !== ']' && text[at] !== ')'; skip()) items.push(value())
    at++
    return items
  }
  return list()
}

/** Whether each wanted answer can be given a said one of its own, the one standing within the other, signs aside. */
export function eachWithin(said: readonly string[], groups: readonly (readonly string[])[]): boolean {
  const heard = said.map(bare).filter((text) => text !== '')
  const fits = groups.map((forms) =>
    heard.flatMap((text, index) =>
      forms.some((form) => bare(form) !== '' && (text.includes(bare(form)) || bare(form).includes(text)))
        ? [index]
        : [],
    ),
  )
  const owner = new Map<number, number>()
  const give = (group: number, tried: Set<number>): boolean =>
    fits[group]!.some((index) => {
      if (tried.has(index)) return false
      tried.add(index)
      const other = owner.get(index)
      if (other !== undefined && !give(other, tried)) return false
      owner.set(index, group)
      return true
    })
  return groups.every((_, group) => give(group, new Set()))
}

/**
 * Whether two tables hold the same rows, in any order, a row being the set of its cells: numbers to two places, all else
 * trimmed and in lower case. A single row may be said without its brackets.
 */
export function sameRows(said: readonly unknown[], wanted: readonly unknown[]): boolean {
  const cell = (value: unknown): string => {
    const number = typeof value === 'boolean' || String(value).trim() === '' ? Number.NaN : Number(value)
    return Number.isNaN(number) ? String(value).trim().toLowerCase() : number.toFixed(2)
  }
  const rows = (list: readonly unknown[]): string[] =>
    list.map((row) => [...new Set([row].flat().map(cell).filter(Boolean))].sort().join('\u0001'))
  const given = said.length > 0 && !Array.isArray(said[0]) ? [said] : said
  const right = new Set(rows(wanted))
  return given.length === wanted.length && rows(given).every((row) => right.has(row))
}

/** Discounted gain of graded labels in the order said over the best order. Järvelin and Kekäläinen 2002. */
export function gainAt(depth: number, said: readonly string[], labels: ReadonlyMap<string, number>): number {
  const gain = (list: readonly number[]): number =>
    list.slice(0, depth).reduce((sum, label, rank) => sum + label / Math.log2(rank + 2), 0)
  const best = gain([...labels.values()].sort((one, other) => other - one))
  return best === 0 ? 0 : gain(said.map((id) => labels.get(id) ?? 0)) / best
}
