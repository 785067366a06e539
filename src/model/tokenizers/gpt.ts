import { FoveaError, type TokenCounter } from '../../core/index.ts'
import type { TokenizerFactory, TokenizerMeta } from '../contract.ts'

export const meta = {
  name: 'gpt',
  summary: "Exact token counts of OpenAI's public encodings.",
  encodings: ['o200k_base', 'o200k_harmony', 'cl100k_base', 'p50k_base', 'r50k_base'],
} as const satisfies TokenizerMeta

interface Encoding {
  countTokens(text: string, options: { disallowedSpecial: Set<string> }): number
}

const load: Record<(typeof meta.encodings)[number], () => Promise<Encoding>> = {
  o200k_base: () => import('gpt-tokenizer/encoding/o200k_base'),
  o200k_harmony: () => import('gpt-tokenizer/encoding/o200k_harmony'),
  cl100k_base: () => import('gpt-tokenizer/encoding/cl100k_base'),
  p50k_base: () => import('gpt-tokenizer/encoding/p50k_base'),
  r50k_base: () => import('gpt-tokenizer/encoding/r50k_base'),
}

// Merging is quadratic in the length of a run without a break.
const longestRun = 2000
/** Segments up to this length are remembered (a longer slice would keep its whole text alive), up to so many of them. */
const rememberedLength = 12
const remembered = 100_000

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
 * Counts tokens exactly; in a run of more than 2,000 characters without white space the count may be a little high.
 * All these encodings begin a new token at a space that an ASCII letter follows, so text is counted in segments cut there,
 * and the counts of short segments, most of them words seen before, are remembered.
 */
const factory: TokenizerFactory = async (encoding) => {
  const open = load[encoding as keyof typeof load]
  if (!open)
    throw new FoveaError('tokenizer-unknown', `no tokenizer for "${encoding}"; use one of ${meta.encodings.join(', ')}`)
  const { countTokens } = await open()
  // Text such as "<|endoftext|>" is text here, never a control token.
  const options = { disallowedSpecial: new Set<string>() }
  const counts = new Map<string, number>()
  const long = (segment: string): number => {
    if (segment.length < longestRun || !/\S{2000}/.test(segment)) return countTokens(segment, options)
    let total = 0
    for (const part of segment.split(/(?<=\s)(?=\S{2000})/))
      for (const piece of pieces(part)) total += countTokens(piece, options)
    return total
  }
  const segment = (text: string): number => {
    if (text.length > rememberedLength) return long(text)
    const known = counts.get(text)
    if (known !== undefined) return known
    const count = countTokens(text, options)
    if (counts.size >= remembered) counts.clear()
    counts.set(text, count)
    return count
  }
  const count = (text: string): number => {
    let total = 0
    let from = 0
    for (let at = text.indexOf(' ', 1); at !== -1; at = text.indexOf(' ', at + 1)) {
      if (!isLetter(text.charCodeAt(at + 1))) continue
      total += segment(text.slice(from, at))
      from = at
    }
    return from < text.length ? total + segment(text.slice(from)) : total
  }
  return { name: encoding, count, margin: () => 0 } satisfies TokenCounter
}
export default factory
