import { type Citation, type Pack, type Passage, type Span, sentences, spansWithin, type Texts } from '../core/index.ts'
import type { Written } from './citations.ts'
import { type Match, verifyParts } from './verify.ts'

export interface Grounded {
  readonly citations: readonly Citation[]
  readonly unsupported: readonly (readonly [number, number])[]
}

/** Verifies what a model cited: quotes against their passages, then against the others; sentences without a verified quote are unsupported. */
export async function ground(
  text: string,
  written: readonly Written[],
  pack: Pack,
  texts: Texts,
  abortSignal?: AbortSignal,
): Promise<Grounded> {
  const claims = claimsOf(text)
  const citations: Citation[] = []
  const supported = new Set<number>()
  for (const { number, quote, at } of written) {
    abortSignal?.throwIfAborted()
    const claim = claimAt(claims, at)
    const range = claim === -1 ? undefined : claims[claim]!.range
    const words = quote ?? (range ? text.slice(...range) : '')
    const found = await locate(words, number, pack, texts)
    const supports = range ? { supports: range } : {}
    if (found) {
      citations.push({ ...found, verified: true, ...supports })
      if (claim !== -1) supported.add(claim)
    } else if (pack.kept[number - 1])
      citations.push({ text: words, passage: pack.kept[number - 1]!, verified: false, ...supports })
  }
  const unsupported = claims.filter(({ needs }, claim) => needs && !supported.has(claim)).map(({ range }) => range)
  return { citations, unsupported }
}

interface Claim {
  readonly range: readonly [number, number]
  /** False for what states nothing: a heading, a line that only announces a list. */
  readonly needs: boolean
}

function claimsOf(text: string): Claim[] {
  const claims: Claim[] = []
  for (const [start, end] of sentences(text)) {
    const raw = text.slice(start, end)
    const said = raw.trim()
    if (!/[\p{L}\p{N}]/u.test(said)) continue
    const from = start + (raw.length - raw.trimStart().length)
    claims.push({ range: [from, from + said.length], needs: !/^#{1,6}\s|[:：]$/.test(said) })
  }
  return claims
}

/** The sentence that a citation after `at` characters belongs to: the last that begins before it. */
function claimAt(claims: readonly Claim[], at: number): number {
  let found = -1
  for (const [claim, { range }] of claims.entries()) if (range[0] < at) found = claim
  return found
}

async function locate(
  words: string,
  number: number,
  pack: Pack,
  texts: Texts,
): Promise<Pick<Citation, 'text' | 'passage'> | undefined> {
  if (words.trim() === '') return undefined
  const order = [number - 1, ...pack.kept.keys()].filter(
    (index, at) => pack.kept[index] && (at === 0 || index !== number - 1),
  )
  let best: { matches: Match[]; passage: Passage; body: string } | undefined
  for (const index of order) {
    const passage = pack.kept[index]!
    const body = pack.text.slice(...pack.ranges[index]!)
    const matches = verifyParts(words, body)
    if (!matches) continue
    const fuzzy = matches.some(({ how }) => how === 'fuzzy')
    if (!best || !fuzzy) best = { matches, passage, body }
    if (!fuzzy || index === number - 1) break
  }
  if (!best) return undefined
  const { passage, body, matches } = best
  if (passage.derived !== undefined)
    return { text: matches.map(({ start, end }) => body.slice(start, end)).join(' … '), passage }
  const spans = matches.flatMap(({ start, end }) => spansWithin(passage, body, start, end)) as [Span, ...Span[]]
  if (spans.length === 0) return undefined
  const slices = await Promise.all(spans.map((span) => texts.slice(span)))
  return { text: slices.join(' … '), passage: { spans, score: passage.score, trail: [...passage.trail, 'cited'] } }
}
