import type { Span } from '../../core/index.ts'
import type { StoredSource } from '../../store/index.ts'
import type { AskParts, AskRequest } from '../contract.ts'

/** A piece of the input that is read at once. */
export interface Chunk {
  readonly span: Span
  readonly text: string
  /** Such as `docs/a.md#L3-L90`. */
  readonly label: string
  readonly index: number
}
export interface ChunkOptions {
  /** Most tokens of a chunk. */
  readonly tokens: number
  /** Tokens of the chunk before that stand again at its beginning. Default 0. */
  readonly overlap?: number
}

/** UTF-16 units looked at before a limit for a better place to cut. */
const back = 0.2
const [heading, emptyLine, line, sentence, space] = [
  /\n(?=#{1,6} )/g,
  /\n\s*\n/g,
  /\n/g,
  /[.!?。！？]["'”’)\]]*\s/g,
  /\s/g,
]
/** Places to cut, the best first; lines of prose may be broken anywhere in a sentence. */
const inProse = [heading, emptyLine, /[.!?。！？:;]["'”’)\]]*[^\S\n]*\n/g, sentence, line, space]
const inLines = [heading, emptyLine, line, sentence, space]
/** Media types whose lines are rows, statements or records. */
const ofLines = /csv|json|yaml|toml|x-|script|css|sheet/

/** All sources that the request names, in order, as chunks of at most so many tokens, cut at structure where there is some. */
export async function* chunksOf(
  { store, texts, counter, label }: Pick<AskParts, 'store' | 'texts' | 'counter' | 'label'>,
  { filter, abortSignal }: Pick<AskRequest, 'filter' | 'abortSignal'>,
  options: ChunkOptions,
): AsyncGenerator<Chunk, void, void> {
  let index = 0
  for await (const source of store.sources(filter)) {
    abortSignal?.throwIfAborted()
    for await (const span of spansOf(source)) {
      const text = await texts.slice(span, abortSignal)
      if (text.trim() === '') continue
      const name = await label({ spans: [span], score: 0, trail: [] })
      yield { span, text, label: name, index: index++ }
    }
  }

  async function* spansOf({ id, length, mediaType }: StoredSource): AsyncGenerator<Span> {
    const overlap = options.overlap ?? 0
    const cuts = ofLines.test(mediaType) ? inLines : inProse
    for (let from = 0; from < length; ) {
      // A token is seldom shorter than two units or longer than eight; the count decides.
      const window = await texts.slice(
        { source: id, start: from, end: Math.min(length, from + options.tokens * 8) },
        abortSignal,
      )
      const fits = longestPrefix(window, options.tokens)
      const end = from + fits < length ? from + cutBefore(window, fits, cuts) : length
      yield { source: id, start: from, end }
      if (end >= length) return
      const again =
        overlap === 0 ? 0 : longestSuffix(await texts.slice({ source: id, start: from, end }, abortSignal), overlap)
      from = Math.max(from + 1, end - again)
    }
  }
  function longestPrefix(text: string, tokens: number): number {
    if (counter.count(text) <= tokens) return text.length
    let [low, high] = [1, text.length]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (counter.count(text.slice(0, middle)) <= tokens) low = middle
      else high = middle - 1
    }
    return whole(text, low)
  }
  function longestSuffix(text: string, tokens: number): number {
    let units = Math.min(text.length - 1, tokens * 4)
    while (units > 0 && counter.count(text.slice(text.length - units)) > tokens) units = Math.floor(units * 0.9)
    const found = text.slice(text.length - units).search(/(?<=\s)\S/)
    return found === -1 ? 0 : units - found
  }
}

/** No surrogate pair is split. */
const whole = (text: string, at: number): number =>
  at > 1 && at < text.length && /[\udc00-\udfff]/.test(text[at]!) && /[\ud800-\udbff]/.test(text[at - 1]!) ? at - 1 : at

/** The best place to cut a text at or before a limit. */
function cutBefore(text: string, limit: number, cuts: readonly RegExp[]): number {
  if (limit >= text.length) return text.length
  const from = Math.floor(limit * (1 - back))
  const part = text.slice(from, limit)
  for (const cut of cuts) {
    let last = -1
    for (const match of part.matchAll(cut)) last = match.index + match[0].length
    if (last > 0) return from + last
  }
  return whole(text, limit)
}
