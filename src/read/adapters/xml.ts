import { Parser } from 'htmlparser2'
import type { ReadContext, ReadInput } from '../contract.ts'
import { readError } from '../problems.ts'

export type XmlAttributes = Readonly<Record<string, string>>

/** What is called for each element and text of a document, in order; names come without their prefix. */
export interface XmlHandler {
  open?(name: string, attributes: XmlAttributes): void
  close?(name: string): void
  /** `line` counts from 1 and is that of the text's first character. */
  text?(text: string, line: number): void
}

export interface XmlOptions {
  /** Read as XHTML that may use the names of HTML's entities and leave elements open. */
  readonly html?: boolean
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** The value of an attribute, whatever the prefix of its name. */
export function attribute(attributes: XmlAttributes, name: string): string | undefined {
  const plain = attributes[name]
  if (plain !== undefined) return plain
  for (const key in attributes) if (key.endsWith(name) && localName(key) === name) return attributes[key]
  return undefined
}

/** The value of an attribute that has a prefix, such as `r:id` beside `id`. */
export function prefixedAttribute(attributes: XmlAttributes, name: string): string | undefined {
  for (const key in attributes) if (key.endsWith(`:${name}`)) return attributes[key]
  return undefined
}

/** Decodes UTF-8, UTF-16 and what the declaration names. */
function xmlDecoder(head: Uint8Array): TextDecoder {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le')
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be')
  if (head[0] === 0x3c && head[1] === 0) return new TextDecoder('utf-16le')
  if (head[0] === 0 && head[1] === 0x3c) return new TextDecoder('utf-16be')
  const start = String.fromCharCode(...head.subarray(0, 200))
  const label = /^<\?xml[^>]*\sencoding\s*=\s*["']([\w-]+)["']/i.exec(start)?.[1]
  try {
    return new TextDecoder(label ?? 'utf-8')
  } catch {
    return new TextDecoder()
  }
}

/**
 * Walks an XML document given in pieces. Entities that a document declares itself are never expanded.
 * Warns of `corrupt` when elements were left open. Throws `too-deep` beyond `limits.depth` open elements.
 */
export function* walkXml(
  input: ReadInput,
  context: ReadContext,
  part: string,
  pieces: Iterable<Uint8Array>,
  handler: XmlHandler,
  options: XmlOptions = {},
): Iterable<void> {
  const html = options.html === true
  let depth = 0
  let ended = false
  let left = 0
  let line = 1
  let counted = 0
  let base = 0
  let buffer = ''
  /** The line of an offset, which never falls. */
  const lineOf = (offset: number): number => {
    const to = Math.min(offset - base, buffer.length)
    for (let at = buffer.indexOf('\n', counted - base); at !== -1 && at < to; at = buffer.indexOf('\n', at + 1)) line++
    counted = Math.max(counted, offset)
    return line
  }
  const parser: Parser = new Parser(
    {
      onopentag(name, attributes) {
        depth++
        if (depth > context.limits.depth)
          throw readError(
            'too-deep',
            input,
            `${part} is nested more than ${context.limits.depth} elements deep`,
            'flatten it or raise the limit "depth"',
          )
        handler.open?.(localName(name), attributes)
      },
      onclosetag(name) {
        depth--
        if (ended) left++
        handler.close?.(localName(name))
      },
      ontext(text) {
        handler.text?.(text, html ? lineOf(parser.startIndex) : line)
      },
    },
    { xmlMode: !html, recognizeSelfClosing: true, recognizeCDATA: true, decodeEntities: true },
  )
  let decoder: TextDecoder | undefined
  const feed = (text: string): void => {
    if (html) {
      lineOf(base + buffer.length)
      base += buffer.length
      buffer = text
    }
    parser.write(text)
  }
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += 262_144) {
      context.abortSignal?.throwIfAborted()
      const slice = piece.subarray(at, at + 262_144)
      decoder ??= xmlDecoder(slice)
      feed(decoder.decode(slice, { stream: true }))
      yield
    }
  }
  feed(decoder?.decode() ?? '')
  ended = !html
  parser.end()
  if (left > 0)
    context.warn({
      code: 'corrupt',
      uri: input.uri,
      message: `${input.uri}: ${part} is not whole (${left} elements are left open); what is there was read`,
    })
}

/** Walks a whole document at once. */
export function parseXml(
  input: ReadInput,
  context: ReadContext,
  part: string,
  bytes: Uint8Array,
  handler: XmlHandler,
  options: XmlOptions = {},
): void {
  for (const _ of walkXml(input, context, part, [bytes], handler, options));
}
