import { FoveaError, type TokenCounter, wordCache } from '../../core/index.ts'
import type { TokenizerFactory, TokenizerMeta } from '../contract.ts'

export const meta = {
  name: 'gpt',
  summary: "Exact token counts of OpenAI's public encodings.",
  encodings: ['o200k_base', 'o200k_harmony', 'cl100k_base', 'p50k_base', 'r50k_base'],
} as const satisfies TokenizerMeta

type EncodingName = (typeof meta.encodings)[number]

const o200k = () => import('gpt-tokenizer/bpeRanks/o200k_base')
const ranks = {
  o200k_base: o200k,
  o200k_harmony: o200k,
  cl100k_base: () => import('gpt-tokenizer/bpeRanks/cl100k_base'),
  p50k_base: () => import('gpt-tokenizer/bpeRanks/p50k_base'),
  r50k_base: () => import('gpt-tokenizer/bpeRanks/r50k_base'),
} satisfies Record<EncodingName, unknown>

/**
 * The library's encoding with white space as Unicode has it: JavaScript's `\s` takes U+FEFF for white space and U+0085
 * for none, the encodings' own regular expressions the other way round.
 */
async function open(name: EncodingName): Promise<(text: string) => number> {
  const [{ BytePairEncodingCore }, { getEncodingParams }, { default: bpe }] = await Promise.all([
    import('gpt-tokenizer/BytePairEncodingCore'),
    import('gpt-tokenizer/modelParams'),
    ranks[name](),
  ])
  const known = getEncodingParams(name, () => bpe)
  const { source, flags } = known.tokenSplitRegex
  const spaces = source.replaceAll('\\s', '\\p{White_Space}').replaceAll('\\S', '\\P{White_Space}')
  const pairs = new BytePairEncodingCore({ ...known, tokenSplitRegex: new RegExp(spaces, flags) })
  // No special token is allowed: text such as "<|endoftext|>" is text here, never a control token.
  return (text) => pairs.countNative(text)
}

// Merging is quadratic in the length of a run without a break.
const longestRun = 2000
/** Longest segment that is remembered, in UTF-16 units. */
const rememberedUnits = 48
const space = 32

const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90)

/** Pieces of at most `longestRun` characters; a surrogate pair is not parted. */
function* pieces(run: string): Generator<string> {
  for (let at = 0; at < run.length; ) {
    const cut = Math.min(at + longestRun, run.length)
    const end = cut < run.length && /[\udc00-\udfff]/.test(run[cut]!) ? cut - 1 : cut
    yield run.slice(at, end)
    at = end
  }
}

/**
 * Counts tokens exactly; the count may be a little high in a run of more than 2,000 characters without white space and at
 * a U+FEFF inside the text.
 * All these encodings begin a new token at a space that an ASCII letter follows, so text is counted in segments cut there,
 * and the counts of short segments, most of them words seen before, are remembered.
 */
const factory: TokenizerFactory = async (encoding) => {
  const name = meta.encodings.find((known) => known === encoding)
  if (!name)
    throw new FoveaError('tokenizer-unknown', `no tokenizer for "${encoding}"; use one of ${meta.encodings.join(', ')}`)
  const countTokens = await open(name)
  const cache = wordCache((segment) => [countTokens(segment)])
  const units = new Uint16Array(rememberedUnits)
  const long = (segment: string): number => {
    if (segment.length < longestRun || !/\S{2000}/.test(segment)) return countTokens(segment)
    let total = 0
    for (const part of segment.split(/(?<=\s)(?=\S{2000})/))
      for (const piece of pieces(part)) total += countTokens(piece)
    return total
  }
  const count = (text: string): number => {
    const { length } = text
    let total = 0
    let from = 0
    let hash = 0
    for (let at = 0; at <= length; at++) {
      const code = at < length ? text.charCodeAt(at) : space
      if (code === space && at > from && (at === length || isLetter(text.charCodeAt(at + 1)))) {
        total +=
          at - from > rememberedUnits ? long(text.slice(from, at)) : cache.find(text, from, units, at - from, hash)
        from = at
        hash = 0
      }
      if (at - from < rememberedUnits) {
        units[at - from] = code
        hash = (Math.imul(hash, 0x01000193) + code) | 0
      }
    }
    return total
  }
  return { name: encoding, count, margin: () => 0 } satisfies TokenCounter
}
export default factory
