import { type LogProbabilities, type TokenScores, wordCache } from '../core/index.ts'

export interface NgramOptions {
  /** True where what will be scored is among the texts: each token's own occurrence is then left out of the counts. */
  readonly heldOut?: boolean
  /** Share of the probability that words of the prefix take, 0 to 1. Default 0.4. */
  readonly cache?: number
}

const [space, letter, sign] = [1, 2, 3]
/** Longer tokens are looked up as strings. */
const longest = 64

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

/** How often one token follows another: pairs in an open table of whole numbers, `before`, `number` and the count side by side. */
function pairCounts(): { add(before: number, number: number): number; of(before: number, number: number): number } {
  const fields = 3
  let mask = (1 << 14) - 1
  let table = new Int32Array(fields * (mask + 1))
  let used = 0
  const slotOf = (before: number, number: number): number => {
    const hash = Math.imul(Math.imul(before, 0x9e3779b1) ^ number, 0x85ebca6b)
    let slot = (hash ^ (hash >>> 15)) & mask
    for (; ; slot = (slot + 1) & mask) {
      const at = slot * fields
      if (table[at + 2] === 0 || (table[at] === before && table[at + 1] === number)) return at
    }
  }
  const grow = () => {
    const old = table
    mask = 2 * mask + 1
    table = new Int32Array(fields * (mask + 1))
    for (let from = 0; from < old.length; from += fields)
      if (old[from + 2] !== 0) table.set(old.subarray(from, from + fields), slotOf(old[from]!, old[from + 1]!))
  }
  return {
    /** Counts one more; gives how many there were. */
    add(before, number) {
      const at = slotOf(before, number)
      const seen = table[at + 2]!
      table[at] = before
      table[at + 1] = number
      table[at + 2] = seen + 1
      if (seen === 0 && ++used * 2 > mask) grow()
      return seen
    },
    of: (before, number) => table[slotOf(before, number) + 2]!,
  }
}

/** A text as numbers of words, with where each ends; `plain` is how likely each is behind the one before it, the first at a beginning. */
interface Tokens {
  readonly numbers: Int32Array
  readonly ends: Int32Array
  readonly plain: Float64Array
}

/** Tokens of scored texts that are remembered, at most; 16 bytes each. */
const mostRemembered = 4_000_000

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
  const kindOf = kindReader()
  const counts: number[] = [0]
  const followers: number[] = [0]
  const pairs = pairCounts()
  let total = 0
  let growing = true
  /** Number of a token as it is written, white space and all; 0 for one that no text has. */
  const numberOf = (raw: string): number => {
    const key = raw.trimStart().toLowerCase()
    let number = numbers.get(key)
    if (number === undefined && growing) {
      numbers.set(key, (number = counts.length))
      counts.push(0)
      followers.push(0)
    }
    return number ?? 0
  }
  const written = wordCache((raw) => [numberOf(raw)])
  const units = new Uint16Array(longest)
  const each = (text: string, emit: (number: number, end: number) => void): void => {
    for (let from = 0; from < text.length; ) {
      let [end, hash] = [from, 0]
      let kind = kindOf(text.charCodeAt(end))
      const take = () => {
        const code = text.charCodeAt(end)
        hash = Math.imul(hash ^ code, 0x01000193)
        units[end - from] = code
        kind = ++end < text.length ? kindOf(text.charCodeAt(end)) : 0
      }
      while (kind === space) take()
      if (kind === sign) take()
      else while (kind === letter) take()
      emit(
        end - from > longest ? numberOf(text.slice(from, end)) : written.find(text, from, units, end - from, hash),
        end,
      )
      from = end
    }
  }
  for (const text of texts) {
    let before = 0
    each(text, (number) => {
      total++
      counts[number]!++
      if (pairs.add(before, number) === 0) followers[before]!++
      before = number
    })
  }
  growing = false
  const kinds = counts.length
  const own = heldOut ? 1 : 0
  const alone = (number: number) => (Math.max(0, counts[number]! - own) + kinds / (total + kinds)) / (total + kinds)
  const after = (before: number, number: number) => {
    const pair = pairs.of(before, number)
    const held = pair > 0 ? own : 0
    const [seen, different] = [counts[before]! - held, followers[before]! - (pair === held ? held : 0)]
    if (seen + different <= 0) return alone(number)
    return (pair - held + different * alone(number)) / (seen + different)
  }
  /** Texts are scored behind one prefix and another, and are prefixes themselves. */
  const remembered = new Map<string, Tokens>()
  let size = 0
  const read = (text: string): Tokens => {
    const known = remembered.get(text)
    if (known) return known
    const list: number[] = []
    const ends: number[] = []
    each(text, (number, end) => {
      list.push(number)
      ends.push(end)
    })
    const tokens = {
      numbers: Int32Array.from(list),
      ends: Int32Array.from(ends),
      plain: Float64Array.from(list, (number, at) => after(at === 0 ? 0 : list[at - 1]!, number)),
    }
    if (size + list.length <= mostRemembered) {
      size += list.length
      remembered.set(text, tokens)
    }
    return tokens
  }
  const recent = new Int32Array(kinds)
  return {
    name: 'ngram',
    async score(text, prefix = '', abortSignal): Promise<TokenScores> {
      abortSignal?.throwIfAborted()
      const { numbers: list, ends, plain } = read(text)
      const before = read(prefix).numbers
      for (const number of before) recent[number]!++
      recent[0] = 0
      const values = new Float64Array(list.length)
      for (let at = 0; at < list.length; at++) {
        const bare = at === 0 && before.length > 0 ? after(before.at(-1)!, list[0]!) : plain[at]!
        const likely = Math.max(bare, Number.MIN_VALUE)
        const cached = before.length === 0 ? likely : recent[list[at]!]! / before.length
        values[at] = Math.min(0, Math.log((1 - cache) * likely + cache * cached))
      }
      for (const number of before) recent[number] = 0
      return { ends: ends.slice(), logProbabilities: values }
    },
  }
}
