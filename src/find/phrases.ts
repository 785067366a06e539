import { type Analyzer, sentences } from '../core/index.ts'

export interface Phrase {
  /** As first written. */
  readonly text: string
  /** Its terms, joined: the same for all ways of writing it. */
  readonly key: string
  readonly score: number
  /** Half-open ranges of UTF-16 offsets where it stands, in order. */
  readonly places: readonly (readonly [start: number, end: number])[]
}
export interface PhraseOptions {
  /** Most phrases. Default 15. */
  readonly limit: number
  /** Most words of one. Default 4. */
  readonly longest: number
  /** Rarity of a term among all passages, at least 0. Default 1 for each. */
  readonly rarity: (term: string) => number
}

/** Between two words of one phrase there may stand no more than a space, a hyphen or an apostrophe. */
const between = /^(?:[ \u00a0]?|['’\-‐‑])$/u

/** The runs of words without stop words in a text, each as the terms of its words and its range. */
export function contentRuns(
  text: string,
  analyzer: Analyzer,
  start = 0,
  end = text.length,
): { readonly terms: string[]; readonly starts: number[]; readonly ends: number[] }[] {
  const runs: { terms: string[]; starts: number[]; ends: number[] }[] = []
  for (const [from, to] of sentences(text, start, end)) {
    let run: { terms: string[]; starts: number[]; ends: number[] } | undefined
    let last = -1
    analyzer.each(text.slice(from, to), (term, position, wordStart, wordEnd) => {
      if (position === last) return
      last = position
      if (analyzer.isStopTerm(term)) {
        run = undefined
        return
      }
      const at = from + wordStart
      if (!run || !between.test(text.slice(run.ends.at(-1), at))) {
        run = { terms: [], starts: [], ends: [] }
        runs.push(run)
      }
      run.terms.push(term)
      run.starts.push(at)
      run.ends.push(from + wordEnd)
    })
  }
  return runs
}

/**
 * Key phrases without a model, best first: runs of words between stop words, by how often they come, how rare and how many
 * their words are, and how early they stand (after Rose et al. 2010, Automatic Keyword Extraction).
 */
export function keyPhrases(
  text: string,
  analyzer: Analyzer,
  { limit = 15, longest = 4, rarity = () => 1 }: Partial<PhraseOptions> = {},
): Phrase[] {
  const found = new Map<string, { places: [number, number][]; terms: string[] }>()
  for (const { terms, starts, ends } of contentRuns(text, analyzer))
    for (let from = 0; from < terms.length; from++)
      for (let size = 1; size <= longest && from + size <= terms.length; size++) {
        const key = terms.slice(from, from + size).join(' ')
        const entry = found.get(key) ?? { places: [], terms: terms.slice(from, from + size) }
        entry.places.push([starts[from]!, ends[from + size - 1]!])
        found.set(key, entry)
      }
  const scored = [...found].map(([key, { places, terms }]): Phrase => {
    const rare = terms.reduce((sum, term) => sum + rarity(term), 0)
    const early = 1 + 1 / (1 + (10 * places[0]![0]) / Math.max(1, text.length))
    // A phrase that came once is a chance meeting of words; a word within one counts by itself.
    const often = places.length > 1 || terms.length === 1 ? places.length : 0.5
    return { key, places, text: text.slice(...places[0]!), score: rare * Math.log(1 + often) * early }
  })
  scored.sort((first, second) => second.score - first.score || (first.key < second.key ? -1 : 1))
  const kept: Phrase[] = []
  for (const phrase of scored) {
    if (kept.length >= limit || phrase.score <= 0) break
    const inside = kept.some(
      (other) => ` ${other.key} `.includes(` ${phrase.key} `) && other.places.length >= phrase.places.length,
    )
    if (!inside) kept.push(phrase)
  }
  return kept
}

/** Weights that lift the words of key phrases above the rest (Li et al. 2024, ChuLo, arXiv 2410.11119). */
export function phraseWeights(phrases: readonly Phrase[], lift: number): (start: number, end: number) => number {
  const places = phrases.flatMap((phrase) => phrase.places).sort(([first], [second]) => first - second)
  const merged: [number, number][] = []
  for (const [start, end] of places) {
    const last = merged.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return (start, end) => {
    let low = 0
    let high = merged.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (merged[middle]![1] <= start) low = middle + 1
      else high = middle
    }
    const place = merged[low]
    return place && place[0] < end ? lift : 1
  }
}
