import { type Pack, type Passage, type Span, spansWithin, type Texts } from '../core/index.ts'

/** A run of words that a reply took from a pack, and where the words stand in a source. */
export interface Recovered {
  /** Half-open range in the reply. */
  readonly reply: readonly [number, number]
  readonly passage: Passage
  readonly spans: readonly [Span, ...Span[]]
  /** The source's own words from the first to the last, with what was cut between them. */
  readonly text: string
}

const word = /[\p{L}\p{M}\p{N}]+/gu

interface Word {
  readonly key: string
  readonly start: number
  readonly end: number
}
const wordsOf = (text: string): Word[] =>
  [...text.matchAll(word)].map(({ 0: raw, index }) => ({
    key: raw.toLowerCase(),
    start: index,
    end: index + raw.length,
  }))

/**
 * Maps runs of a reply's words that stand in the pack, the longest first, back to the spans of the sources that they come
 * from, and gives the words of the source with what compression left out between them. Subsequence recovery of LongLLMLingua
 * (arXiv 2310.06839), with offsets in place of a search in the original text. `least` is in words.
 */
export async function recover(reply: string, pack: Pack, texts: Texts, least = 1): Promise<Recovered[]> {
  const said = wordsOf(reply)
  const bodies = pack.ranges.map(([start, end]) => wordsOf(pack.text.slice(start, end)))
  const places = new Map<string, [body: number, at: number][]>()
  bodies.forEach((words, body) => {
    for (const [at, { key }] of words.entries()) {
      const list = places.get(key)
      if (list) list.push([body, at])
      else places.set(key, [[body, at]])
    }
  })
  const found: Recovered[] = []
  for (let from = 0; from < said.length; ) {
    let best = { length: 0, body: 0, at: 0 }
    for (const [body, at] of places.get(said[from]!.key) ?? []) {
      const words = bodies[body]!
      let length = 1
      while (said[from + length] && words[at + length]?.key === said[from + length]!.key) length++
      if (length > best.length) best = { length, body, at }
    }
    const passage = pack.kept[best.body]
    if (best.length < least || !passage || passage.derived !== undefined) {
      from++
      continue
    }
    const words = bodies[best.body]!
    const spans = spansWithin(
      passage,
      pack.text.slice(...pack.ranges[best.body]!),
      words[best.at]!.start,
      words[best.at + best.length - 1]!.end,
    )
    const [first] = spans
    if (first) {
      const last = spans.at(-1)!
      const whole = first.source === last.source && first.start <= last.start
      const text = whole
        ? await texts.slice({ source: first.source, start: first.start, end: last.end })
        : (await Promise.all(spans.map((span) => texts.slice(span)))).join('\n')
      found.push({
        reply: [said[from]!.start, said[from + best.length - 1]!.end],
        passage,
        spans: spans as [Span, ...Span[]],
        text,
      })
    }
    from += best.length
  }
  return found
}
