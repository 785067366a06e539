import { type Analyzer, inverseDocumentFrequency, type Passage, sharedReader, type Texts } from '../core/index.ts'
import type { CompressContext, Compressor, Rarity, Unit } from './contract.ts'
import { candidatesOf } from './pieces.ts'
import { remembering } from './remember.ts'
import { type Candidate, cutSentences, joinParts, type Part, readParts } from './units.ts'

/** A generous number of UTF-16 units per token, for bounds that must not miss a passage that could fit. */
const charactersPerToken = 16

/** The entries worth reading: the best, until their text is 25 times what the budget holds (at least 400,000 characters). */
export function choosePool(
  entries: readonly Passage[],
  from: number,
  grain: 'passage' | 'sentence' | undefined,
  tokens: number,
): { readonly entries: readonly number[]; readonly most: number } {
  const most = Math.max(400_000, tokens * 100)
  const pool: number[] = []
  let characters = 0
  for (let entry = from; entry < entries.length && characters < most; entry++) {
    const size = sizeOf(entries[entry]!)
    if (grain === 'passage' && size > tokens * charactersPerToken && size > 2_000) continue
    pool.push(entry)
    characters += size
  }
  return { entries: pool, most }
}

export const sizeOf = (passage: Passage): number =>
  passage.derived?.length ?? passage.spans.reduce((sum, span) => sum + span.end - span.start, 0)

/** One entry as candidates of the grain asked for. */
export async function cut(
  passage: Passage,
  entry: number,
  grain: 'passage' | 'sentence',
  texts: Texts,
  most: number,
  abortSignal?: AbortSignal,
): Promise<Candidate[]> {
  if (passage.derived !== undefined) return [{ entry, parts: [], text: passage.derived }]
  const parts = await readParts(passage, texts, grain === 'passage' ? Number.POSITIVE_INFINITY : most, abortSignal)
  if (grain === 'passage') return [{ entry, parts, text: joinParts(parts) }]
  return parts.flatMap(cutSentences).map((part) => ({ entry, parts: [part], text: part.text }))
}

/** Candidates as a compressor sees them. */
export const unitsOf = (candidates: readonly Candidate[], entries: readonly Passage[]): Unit[] =>
  candidates.map(({ entry, parts, text }) => {
    const { spans, score, reached = false } = entries[entry]!
    return { passage: entry, span: parts[0]?.span ?? spans[0], text, passageScore: score, reached }
  })

/**
 * Inverse document frequency over the candidates themselves, worked out when it is first asked for: where the passages are few and all
 * hold the subject's name, only their sentences tell which words are rare.
 */
export function rarityOf(candidates: readonly Candidate[], analyzer: Analyzer): Rarity {
  const reader = sharedReader(analyzer)
  let frequency: Int32Array | undefined
  const measure = () => {
    let counts = new Int32Array(2 * reader.size + 1024)
    /** The candidate, counted from 1, that a term was last seen in. */
    let seen = new Int32Array(counts.length)
    for (const [index, { text }] of candidates.entries())
      reader.each(text, (number) => {
        if (number >= counts.length) {
          counts = larger(counts, 2 * number)
          seen = larger(seen, 2 * number)
        }
        if (seen[number] === index + 1) return
        seen[number] = index + 1
        counts[number]!++
      })
    return counts
  }
  return (term) => {
    frequency ??= measure()
    return inverseDocumentFrequency(candidates.length, frequency[reader.numberOf(term)] ?? 0)
  }
}

function larger(list: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(length)
  copy.set(list)
  return copy
}

/** Candidates with the scores that a compressor gives them. */
export interface Scored {
  readonly candidates: Candidate[]
  readonly scores: ArrayLike<number>
  /** Passages that the compressor wrote, numbered on behind the entries. */
  readonly made: readonly Passage[]
}

/** Cuts the pooled entries, which come in document order, and has them scored. */
export async function score(
  compressor: Compressor,
  entries: readonly Passage[],
  pooled: readonly number[],
  texts: Texts,
  most: number,
  context: Omit<CompressContext, 'rarity'> & { readonly rarity?: Rarity },
): Promise<Scored> {
  const { abortSignal } = context
  // What cuts passages by itself reads each text once: remembering its terms would cost more than it saves.
  const analyzer = compressor.grain === undefined ? context.analyzer : remembering(context.analyzer)
  const grain = compressor.grain ?? 'passage'
  const candidates: Candidate[] = []
  const given: { readonly passage: Passage; readonly parts: readonly Part[] }[] = []
  for (const entry of pooled) {
    abortSignal?.throwIfAborted()
    const passage = entries[entry]!
    if (compressor.grain === undefined) {
      const parts = passage.derived === undefined ? await readParts(passage, texts, most, abortSignal) : []
      given.push({ passage, parts })
      candidates.push({ entry, parts, text: passage.derived ?? joinParts(parts) })
    } else
      for (const candidate of await cut(passage, entry, grain, texts, most, abortSignal)) candidates.push(candidate)
  }
  const whole: CompressContext = {
    ...context,
    analyzer,
    rarity: context.rarity ?? rarityOf(candidates, analyzer),
  }
  if (compressor.grain !== undefined)
    return { candidates, scores: await compressor.score(unitsOf(candidates, entries), whole), made: [] }
  return candidatesOf(await compressor.cut(given, whole), candidates, entries)
}
