import { type Span, sentences } from '../core/index.ts'
import type { CompressContext, Piece } from './contract.ts'
import { termsOf } from './lexical.ts'
import type { Part } from './units.ts'

/** A sentence that a model may write from, and the passage that it is of. */
export interface Quotable extends Part {
  readonly passage: number
}

/** Share of a written sentence's content words that its evidence must have. */
const leastSupport = 0.6
/** Sentences that one written sentence may rest on. */
const mostEvidence = 6

const figures = (text: string): string[] => text.match(/\d+(?:[.,]\d+)*/g) ?? []

/**
 * What a model writes from numbered sentences, at most `count` sentences of its own, as pieces: each names its evidence, has no
 * figure and few words that the evidence has not, and is verbatim where it copies one. What does not stand the test is left out.
 */
export async function write(
  from: readonly Quotable[],
  instruction: string,
  count: number,
  context: CompressContext,
): Promise<Omit<Piece, 'score'>[]> {
  const { model, analyzer, abortSignal } = context
  if (!model || from.length === 0) return []
  const listed = from.map(({ text }, index) => `[${index + 1}] ${text.trim()}`).join('\n')
  const { text } = await model.generate({
    intent: 'summarise',
    prompt: `${instruction}\nWrite at most ${count} sentences. Use only what the numbered sentences say, and end each with the numbers that it rests on, such as [2] or [1, 4].\n\n${listed}`,
    ...(abortSignal ? { abortSignal } : {}),
  })
  const pieces: Omit<Piece, 'score'>[] = []
  for (const { said, numbers } of statementsOf(text)) {
    if (pieces.length >= count) break
    const wanted = termsOf(said, analyzer)
    const named = numbers.filter((number) => number >= 1 && number <= from.length).map((number) => number - 1)
    const evidence = (named.length > 0 ? named : nearest(from, wanted, context)).slice(0, mostEvidence)
    const parts = [...new Set(evidence)].sort((a, b) => a - b).map((index) => from[index]!)
    if (parts.length === 0 || !supported(said, wanted, parts, context)) continue
    const copied = parts.find((part) => part.text.includes(said))
    if (copied) {
      const start = copied.span.start + copied.text.indexOf(said)
      pieces.push({ passage: copied.passage, spans: [{ ...copied.span, start, end: start + said.length }] })
    } else pieces.push({ passage: parts[0]!.passage, spans: parts.map(({ span }): Span => span), derived: said })
  }
  return pieces
}

/** Sentences of a reply, each with the numbers in brackets behind it. */
function statementsOf(reply: string): { said: string; numbers: number[] }[] {
  const found: { said: string; numbers: number[] }[] = []
  for (const [start, end] of sentences(reply)) {
    const raw = reply.slice(start, end)
    const numbers = [...raw.matchAll(/\[([\d,;\s–-]+)\]/g)].flatMap(({ 1: list }) =>
      (list!.match(/\d+/g) ?? []).map(Number),
    )
    const said = raw
      .replace(/\s*\[[\d,;\s–-]+\]/g, '')
      .replace(/^[\s*-]+/, '')
      .trim()
    const last = found.at(-1)
    if (said === '' && last) last.numbers.push(...numbers)
    else if (/[\p{L}\p{N}]/u.test(said)) found.push({ said, numbers })
  }
  return found
}

function supported(
  said: string,
  wanted: ReadonlySet<string>,
  parts: readonly Part[],
  { analyzer }: CompressContext,
): boolean {
  const evidence = parts.map(({ text }) => text).join(' ')
  const held = new Set(figures(evidence))
  if (figures(said).some((figure) => !held.has(figure))) return false
  const words = new Set(analyzer.terms(evidence).map(({ term }) => term))
  let known = 0
  for (const term of wanted) if (words.has(term)) known++
  return wanted.size > 0 && known / wanted.size >= leastSupport
}

/** The two sentences that share most content words, by rarity. */
function nearest(
  from: readonly Quotable[],
  wanted: ReadonlySet<string>,
  { analyzer, rarity }: CompressContext,
): number[] {
  const shared = from.map(({ text }) => {
    const seen = new Set<string>()
    analyzer.each(text, (term) => {
      if (wanted.has(term)) seen.add(term)
    })
    return [...seen].reduce((sum, term) => sum + rarity(term), 0)
  })
  return [...from.keys()]
    .filter((index) => shared[index]! > 0)
    .sort((a, b) => shared[b]! - shared[a]! || a - b)
    .slice(0, 2)
}
