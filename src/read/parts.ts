import type { Anchor, OutlineNode, Source } from '../core/index.ts'
import { advance, anchorIndex, makeSource, splitsPair } from '../core/index.ts'
import type { ReadContext, ReadInput } from './contract.ts'
import { type Decoded, decode, decodeStream, type Repairs, repairWarning } from './decode.ts'
import { checkSize } from './limits.ts'
import { readError } from './problems.ts'

/** One part of a text, or all of it. */
export interface TextPart {
  readonly text: string
  readonly encoding: string
  readonly anchors: readonly Anchor[]
  /** Absent when the part is the whole text. */
  readonly part?: NonNullable<Source['part']>
}

/** The largest place up to `limit` at which the text may be cut, or -1; each call is given the text after the last cut. */
export type Cut = (text: string, limit: number) => number

export interface PartOptions {
  /** Label of TextDecoder; found from the bytes when absent. */
  readonly encoding?: string
  /** Default: between paragraphs, else between lines, else between words. */
  readonly cut?: Cut
  /** Where there is no place to cut: cut between any two characters (the default) or give the file up as `too-large`. */
  readonly uncut?: 'anywhere' | 'fail'
}

/** Files up to this many bytes are read at once. */
const wholeBytes = 64 * 1024 * 1024

/** Cuts after the last blank line of the last eighth, else after the last line. */
export const cutLines: Cut = (text, limit) => {
  const newline = text.lastIndexOf('\n', limit - 1)
  const near = limit - (limit >>> 3)
  for (let at = newline; at > near; at = text.lastIndexOf('\n', at - 1)) {
    const before = text.charCodeAt(at - 1) === 13 ? at - 2 : at - 1
    if (text.charCodeAt(before) === 10) return at + 1
  }
  return newline === -1 ? -1 : newline + 1
}

/** Cuts between lines, else after a space near the limit. */
export const cutText: Cut = (text, limit) => {
  const line = cutLines(text, limit)
  if (line > 0) return line
  const space = text.lastIndexOf(' ', limit - 1)
  return space > limit - 65_536 ? space + 1 : -1
}

async function* pieces(input: ReadInput, context: ReadContext, options: PartOptions): AsyncIterable<Decoded> {
  const { abortSignal } = context
  if (input.size !== undefined && input.size <= wholeBytes) yield await decode(await input.bytes(abortSignal), options)
  else yield* decodeStream(input.stream(abortSignal), options)
}

/**
 * The decoded text of a file in parts of at most `limits.partLength` units, holding one part in memory at a time.
 * Throws `empty`, and `too-large` where `uncut` is `fail`; warns of `invalid-bytes` and `uncut`.
 */
export async function* readParts(
  input: ReadInput,
  context: ReadContext,
  options: PartOptions = {},
): AsyncIterable<TextPart> {
  const { partLength } = context.limits
  const cut = options.cut ?? cutText
  let held: string[] = []
  let length = 0
  let anchors: Anchor[] = []
  let encoding = 'utf-8'
  let index = 0
  let base = 0
  let repairs: Repairs | undefined
  let warned = false
  for await (const piece of pieces(input, context, options)) {
    context.abortSignal?.throwIfAborted()
    encoding = piece.encoding
    if (piece.repairs) repairs = { ...piece.repairs, ...repairs, count: (repairs?.count ?? 0) + piece.repairs.count }
    for (const anchor of piece.anchors) anchors.push({ ...anchor, at: anchor.at + length })
    held.push(piece.text)
    length += piece.text.length
    if (length <= partLength) continue
    let text = held.join('')
    while (text.length > partLength) {
      let end = cut(text, partLength)
      if (end <= 0 || end > partLength) {
        if (!warned)
          context.warn({
            code: 'uncut',
            uri: input.uri,
            message: `${input.uri}: there is no place to cut in ${partLength} characters from character ${base} on`,
          })
        warned = true
        if (options.uncut === 'fail')
          throw readError(
            'too-large',
            input,
            'it cannot be read in parts: there is no place to cut',
            'split it or put it on lines',
          )
        end = splitsPair(text, partLength) ? partLength - 1 : partLength
      }
      const parted = partAnchors(anchors, text, end, encoding)
      yield { text: text.slice(0, end), encoding, anchors: parted.before, part: { index, base } }
      anchors = parted.after
      text = text.slice(end)
      base += end
      index++
    }
    held = [text]
    length = text.length
  }
  const text = held.join('')
  if (index === 0 && !/\S/.test(text)) throw readError('empty', input, 'it holds no text', 'nothing can be found in it')
  if (repairs) context.warn(repairWarning(input.uri, encoding, repairs))
  if (text.length > 0) yield { text, encoding, anchors, ...(index === 0 ? {} : { part: { index, base } }) }
}

/** The anchors of the text before a cut, and those of the text after it, which begins with one. */
function partAnchors(anchors: readonly Anchor[], text: string, end: number, encoding: string) {
  const last = anchorIndex(anchors, end)
  const governing = anchors[last]!
  const first: Anchor = { ...advance(governing, text.slice(governing.at, end), encoding), at: 0, linear: true }
  const rest = anchors.slice(last + 1).map((anchor) => ({ ...anchor, at: anchor.at - end }))
  return { before: anchors.filter((anchor) => anchor.at < end), after: [first, ...rest] }
}

/** All of a file's text, for formats that cannot be read in parts. Throws `empty` and `too-large`; warns of `invalid-bytes`. */
export async function readText(
  input: ReadInput,
  context: ReadContext,
  options: Pick<PartOptions, 'encoding'> = {},
): Promise<Decoded> {
  checkSize(input, input.size, context.limits)
  const bytes = await input.bytes(context.abortSignal)
  checkSize(input, bytes.length, context.limits)
  const decoded = await decode(bytes, options)
  if (!/\S/.test(decoded.text)) throw readError('empty', input, 'it holds no text', 'nothing can be found in it')
  if (decoded.repairs) context.warn(repairWarning(input.uri, decoded.encoding, decoded.repairs))
  return decoded
}

/** What a format finds in one part of its text. */
export interface Shape {
  readonly outline?: readonly OutlineNode[]
  readonly title?: string
  readonly language?: string
  readonly time?: number
}

/** Sources of a format whose canonical text is the decoded text: one, or the parts of a long text. */
export async function* textSources(
  input: ReadInput,
  context: ReadContext,
  mediaType: string,
  shape: (part: TextPart) => Shape,
  options: PartOptions = {},
): AsyncIterable<Source> {
  for await (const part of readParts(input, context, options)) {
    const { text, encoding, anchors } = part
    yield await makeSource({
      uri: input.uri,
      text,
      mediaType,
      ...shape(part),
      origin: { encoding, anchors },
      ...(part.part ? { part: part.part } : {}),
    })
  }
}
