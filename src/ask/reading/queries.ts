import type { Note } from '../contract.ts'
import { jsonIn } from './json.ts'
import { linesOf, saysNone } from './notes.ts'
import type { Run } from './run.ts'

/** A question, query or task that a plan names. */
export interface Draft {
  /** As the plan calls it, or its number from 1. */
  readonly id: string
  readonly text: string
  /** Ids of drafts that must be done before. */
  readonly needs: readonly string[]
}

/** Two texts with one such form ask the same. */
export const alike = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** True for a reply that says that nothing more is to be done. */
export const saysDone = (reply: string): boolean =>
  reply.trim() === '' ||
  saysNone(reply) ||
  /^[\s"'`*_.([-]*(?:done|enough|finished|complete)\b.{0,40}$/i.test(reply.trim())

/** True for questions that only the whole text answers: no single find is enough. */
export const asksForAll = (question: string): boolean =>
  /\b(?:all|every|each|list|how (?:many|often)|count|total|number of)\b/i.test(question)

/** What a plan asks: a JSON list (of strings, or of objects with `question`, `id`, `needs`), else one on a line, such as `2. Who? (after 1)`. */
export function draftsOf(reply: string, most = 8): Draft[] {
  const json = jsonIn(reply)
  const list = Array.isArray(json) ? json : listIn(json)
  const drafts = list ? list.flatMap((item, index) => draftOfJson(item, index)) : draftsOfLines(reply)
  const seen = new Set<string>()
  return drafts
    .filter(({ text }) => {
      const form = alike(text)
      if (form === '' || seen.has(form)) return false
      seen.add(form)
      return true
    })
    .slice(0, most)
}

function listIn(json: unknown): unknown[] | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const list = Object.values(json).find((value) => Array.isArray(value))
  return Array.isArray(list) ? list : undefined
}

function draftOfJson(item: unknown, index: number): Draft[] {
  if (typeof item === 'string') return [{ id: `${index + 1}`, text: item.trim(), needs: mentions(item) }]
  if (typeof item !== 'object' || item === null) return []
  const fields = item as Record<string, unknown>
  const text = [fields.question, fields.query, fields.text, fields.task].find((value) => typeof value === 'string')
  if (typeof text !== 'string') return []
  const needs = [fields.needs, fields.after].find((value) => Array.isArray(value)) ?? []
  return [
    {
      id: String(fields.id ?? index + 1),
      text: text.trim(),
      needs: [...new Set([...(needs as unknown[]).map(String), ...mentions(text)])],
    },
  ]
}

function draftsOfLines(reply: string): Draft[] {
  const drafts: Draft[] = []
  for (const raw of reply.split('\n')) {
    const number = /^\s*(?:(?:sub-?)?(?:question|query|step|task|q)\s*)?[(#]?(\d{1,3})[.):]/i.exec(raw)?.[1]
    const [line] = linesOf(raw.replace(/^\s*(?:(?:sub-?)?(?:question|query|step|task|q)\s*#?\d{0,3}\s*[.):]\s*)/i, ''))
    if (line === undefined || /^```|[:：]$/.test(line) || saysDone(line)) continue
    const after = /\s*\((?:after|needs)\s+([#\d,\s and]+)\)\s*$/i.exec(line)
    const text = after ? line.slice(0, after.index) : line
    const needs = new Set([...(after?.[1]?.match(/\d+/g) ?? []), ...mentions(text)])
    drafts.push({ id: number ?? `${drafts.length + 1}`, text, needs: [...needs] })
  }
  return drafts
}

const mentions = (text: string): string[] => [...text.matchAll(/#(\d{1,3})\b/g)].map(([, number]) => number!)

/** The names and rare words of notes that no query asked yet and that stand in other passages too, as a query; undefined where there are none. */
export async function leadOf(
  { parts: { analyzer, store } }: Run,
  notes: readonly Note[],
  asked: readonly string[],
  most = 4,
): Promise<string | undefined> {
  const known = new Set(asked.flatMap((text) => analyzer.terms(text).map(({ term }) => term)))
  const words = new Map<string, { word: string; name: boolean; newest: number }>()
  for (const [newest, { text }] of notes.entries())
    for (const { term, start, end } of analyzer.terms(text)) {
      if (known.has(term) || analyzer.isStopTerm(term)) continue
      const word = text.slice(start, end)
      words.set(term, { word, name: /^(?:\p{Lu}|.*\d)/u.test(word) && start > 0, newest })
    }
  const terms = [...words.keys()]
  const { frequency, passages } = await store.statistics(terms)
  const weight = (term: string): number => {
    const count = frequency[terms.indexOf(term)]!
    const { name } = words.get(term)!
    return count < 2 ? 0 : Math.log(1 + passages / count) * (name ? 2 : 1)
  }
  const weights = new Map(terms.map((term) => [term, weight(term)]))
  const best = terms
    .filter((term) => weights.get(term)! > 0)
    .sort((a, b) => weights.get(b)! - weights.get(a)! || words.get(b)!.newest - words.get(a)!.newest)
    .slice(0, most)
  return best.length === 0 ? undefined : [...new Set(best.map((term) => words.get(term)!.word))].join(' ')
}
