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
const longRun = new RegExp(`\\S{${longestRun},}`, 'gu')

/** The text with its over-long runs cut up; all other boundaries are left to the tokenizer. */
function* pieces(text: string): Generator<string> {
  let from = 0
  for (const { index, 0: run } of text.matchAll(longRun)) {
    for (let at = longestRun; at < run.length; at += longestRun) {
      const cut = index + (/[\udc00-\udfff]/.test(run[at]!) ? at - 1 : at)
      yield text.slice(from, cut)
      from = cut
    }
  }
  yield text.slice(from)
}

/** Counts tokens exactly; in a run of more than 2,000 characters without white space the count may be a little high. */
const factory: TokenizerFactory = async (encoding) => {
  const open = load[encoding as keyof typeof load]
  if (!open)
    throw new FoveaError('tokenizer-unknown', `no tokenizer for "${encoding}"; use one of ${meta.encodings.join(', ')}`)
  const { countTokens } = await open()
  // Text such as "<|endoftext|>" is text here, never a control token.
  const options = { disallowedSpecial: new Set<string>() }
  const count = (text: string): number => {
    if (text.length < longestRun) return countTokens(text, options)
    let total = 0
    for (const piece of pieces(text)) total += countTokens(piece, options)
    return total
  }
  return { name: encoding, count, margin: () => 0 } satisfies TokenCounter
}
export default factory
