import { type Passage, passageText, type Span, type Texts } from '../core/index.ts'

/** The same for passages that cover the same text. */
export function passageKey(passage: Passage): string {
  const places = passage.spans.map(({ source, start, end }) => `${source}:${start}-${end}`).join(' ')
  return passage.derived === undefined ? places : `${places} ${passage.derived}`
}

/** Best first; equal scores keep their order. */
export const byScore = (passages: readonly Passage[]): Passage[] =>
  [...passages].sort((first, second) => second.score - first.score)

/** What stands before a place, at most so many UTF-16 units and one. */
export async function textBefore(
  { source, start: end }: Span,
  most: number,
  texts: Texts,
  abortSignal?: AbortSignal,
): Promise<string> {
  const from = Math.max(0, end - most)
  if (from === end) return ''
  // One unit more on the left may be the half of a pair that must not be cut.
  return texts.slice({ source, start: from, end }, abortSignal).catch((error: unknown) => {
    abortSignal?.throwIfAborted()
    if (from === 0) throw error
    return texts.slice({ source, start: from - 1, end }, abortSignal)
  })
}

export async function passageTexts(
  passages: readonly Passage[],
  texts: Texts,
  abortSignal?: AbortSignal,
): Promise<string[]> {
  const read: string[] = []
  for (const passage of passages) {
    abortSignal?.throwIfAborted()
    read.push(await passageText(passage, texts, abortSignal))
  }
  return read
}

/** What a model wrote, as a passage with its evidence; words that are its evidence, word for word, are not marked as derived. */
export async function told(
  spans: readonly [Span, ...Span[]],
  text: string,
  texts: Texts,
  abortSignal?: AbortSignal,
): Promise<{ readonly spans: readonly [Span, ...Span[]]; readonly derived?: string }> {
  const own = await passageText({ spans, score: 0, trail: [] }, texts, abortSignal)
  return own === text ? { spans } : { spans, derived: text }
}
