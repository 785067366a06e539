import type { PlainIndex } from './contract.ts'

const unspaced = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/
const runs =
  /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|(?:(?![\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])[\p{L}\p{M}\p{N}])+/gu
const ascii = /^[\0-\x7f]*$/

/** Lower-case words as they are written; Han and kana as pairs of characters. */
export function plainTerms(text: string): string[] {
  const lower = text.toLowerCase()
  if (ascii.test(lower)) return lower.match(/[a-z0-9]+/g) ?? []
  const terms: string[] = []
  for (const [run] of lower.normalize('NFKC').matchAll(runs)) {
    if (!unspaced.test(run) || run.length === 1) terms.push(run)
    else for (let at = 0; at + 1 < run.length; at++) terms.push(run.slice(at, at + 2))
  }
  return terms
}

/**
 * Plain BM25, the yardstick: no stemming, no stop words, each term of the question once.
 * Robertson and Zaragoza 2009, The Probabilistic Relevance Framework.
 */
export function plainIndex(texts: readonly string[], { k1 = 1.2, b = 0.75 } = {}): PlainIndex {
  // Of each term, text numbers and counts side by side, in the order of the texts.
  const postings = new Map<string, number[]>()
  const lengths = texts.map((text, number) => {
    const terms = plainTerms(text)
    for (const term of terms) {
      const list = postings.get(term)
      if (!list) postings.set(term, [number, 1])
      else if (list[list.length - 2] === number) list[list.length - 1]!++
      else list.push(number, 1)
    }
    return terms.length
  })
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, texts.length)
  return {
    rank(query) {
      const scores = new Float64Array(texts.length)
      for (const term of new Set(plainTerms(query))) {
        const list = postings.get(term)
        if (!list) continue
        const held = list.length / 2
        const rarity = Math.log(1 + (texts.length - held + 0.5) / (held + 0.5))
        for (let at = 0; at < list.length; at += 2) {
          const count = list[at + 1]!
          const length = lengths[list[at]!]!
          scores[list[at]!]! += (rarity * count * (k1 + 1)) / (count + k1 * (1 - b + (b * length) / meanLength))
        }
      }
      const order = texts.map((_, number) => number)
      order.sort((first, second) => scores[second]! - scores[first]! || first - second)
      return { order, scores }
    },
  }
}

/** Words from which a sentence is cut, and words of its pieces. */
const [longestSentence, pieceWords] = [80, 60]

/**
 * Sentences of the yardstick, by signs alone: a paragraph ends at a line break, a sentence at a stop before white space
 * or at an ideographic stop. Long ones are cut every 60 words. Half-open ranges without the white space at their ends.
 */
export function plainSentences(text: string): [start: number, end: number][] {
  const found: [number, number][] = []
  const add = (from: number, to: number): void => {
    let [start, end] = [from, to]
    while (start < end && /\s/.test(text[start]!)) start++
    while (end > start && /\s/.test(text[end - 1]!)) end--
    if (start === end) return
    if (end - start > longestSentence) {
      const words = [...text.slice(start, end).matchAll(/\S+/g)]
      if (words.length > longestSentence) {
        for (let at = 0; at < words.length; at += pieceWords) {
          const last = words[Math.min(words.length, at + pieceWords) - 1]!
          found.push([start + words[at]!.index, start + last.index + last[0].length])
        }
        return
      }
    }
    found.push([start, end])
  }
  for (let line = 0; line <= text.length; ) {
    const next = text.indexOf('\n', line)
    const stop = next === -1 ? text.length : next
    const paragraph = text.slice(line, stop)
    let from = 0
    for (const cut of paragraph.matchAll(/(?<=[.!?؟।]["')\]]?)\s+|(?<=[。！？])/gu)) {
      add(line + from, line + cut.index)
      from = cut.index + cut[0].length
    }
    add(line + from, stop)
    line = stop + 1
  }
  return found
}
