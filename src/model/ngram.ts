import type { LogProbabilities, TokenScores } from '../core/index.ts'

export interface NgramOptions {
  /** True where what will be scored is among the texts: each token's own occurrence is then left out of the counts. */
  readonly heldOut?: boolean
  /** Share of the probability that words of the prefix take, 0 to 1. Default 0.4. */
  readonly cache?: number
}

const [space, letter, sign] = [1, 2, 3]

/** Kinds of UTF-16 units, each looked up once. */
function kindReader(): (code: number) => number {
  const kinds = new Uint8Array(65536)
  return (code) => {
    const known = kinds[code]!
    if (known !== 0) return known
    const character = String.fromCharCode(code)
    // Halves of pairs are letters, so that no pair is parted.
    const isWord = (code >= 0xd800 && code < 0xe000) || /[\p{L}\p{M}\p{N}_]/u.test(character)
    return (kinds[code] = /\s/.test(character) ? space : isWord ? letter : sign)
  }
}

const shift = 2 ** 24

/**
 * A small word model without weights, that stands in for a language model where none is given: bigrams and single words of
 * `texts`, smoothed as Witten and Bell 1991 do, and a cache of the words that stand before (Kuhn and De Mori 1990). Tokens
 * are words with the white space before them.
 */
export function ngramModel(
  texts: Iterable<string>,
  { cache = 0.4, heldOut = false }: NgramOptions = {},
): LogProbabilities {
  const numbers = new Map<string, number>()
  /** The same by the token as it is written, white space and all. */
  const written = new Map<string, number>()
  const kindOf = kindReader()
  const counts: number[] = [0]
  const followers: number[] = [0]
  const pairs = new Map<number, number>()
  let total = 0
  const each = (text: string, grow: boolean, emit: (number: number, end: number) => void): void => {
    for (let from = 0; from < text.length; ) {
      let end = from
      while (end < text.length && kindOf(text.charCodeAt(end)) === space) end++
      if (end < text.length && kindOf(text.charCodeAt(end)) === sign) end++
      else while (end < text.length && kindOf(text.charCodeAt(end)) === letter) end++
      const raw = text.slice(from, end)
      from = end
      let number = written.get(raw)
      if (number === undefined) {
        const key = raw.trimStart().toLowerCase()
        number = numbers.get(key)
        if (number === undefined && grow) {
          numbers.set(key, (number = counts.length))
          counts.push(0)
          followers.push(0)
        }
        if (number !== undefined) written.set(raw, number)
      }
      emit(number ?? 0, end)
    }
  }
  for (const text of texts) {
    let before = 0
    each(text, true, (number) => {
      total++
      counts[number]!++
      const pair = before * shift + number
      const seen = pairs.get(pair) ?? 0
      if (seen === 0) followers[before]!++
      pairs.set(pair, seen + 1)
      before = number
    })
  }
  const kinds = counts.length
  const own = heldOut ? 1 : 0
  const alone = (number: number) => (Math.max(0, counts[number]! - own) + kinds / (total + kinds)) / (total + kinds)
  const after = (before: number, number: number) => {
    const pair = pairs.get(before * shift + number) ?? 0
    const held = pair > 0 ? own : 0
    const [seen, different] = [counts[before]! - held, followers[before]! - (pair === held ? held : 0)]
    if (seen + different <= 0) return alone(number)
    return (pair - held + different * alone(number)) / (seen + different)
  }
  return {
    name: 'ngram',
    async score(text, prefix = '', abortSignal): Promise<TokenScores> {
      abortSignal?.throwIfAborted()
      const recent = new Map<number, number>()
      let length = 0
      let before = 0
      each(prefix, false, (number) => {
        if (number > 0) recent.set(number, (recent.get(number) ?? 0) + 1)
        length++
        before = number
      })
      const ends: number[] = []
      const values: number[] = []
      each(text, false, (number, end) => {
        const plain = Math.max(after(before, number), Number.MIN_VALUE)
        const cached = length === 0 ? plain : (recent.get(number) ?? 0) / length
        ends.push(end)
        values.push(Math.min(0, Math.log((1 - cache) * plain + cache * cached)))
        before = number
      })
      return { ends: Int32Array.from(ends), logProbabilities: Float64Array.from(values) }
    },
  }
}
