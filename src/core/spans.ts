import type { Passage, Source, Span, Texts } from './contract.ts'
import { FoveaError } from './errors.ts'

export const spanLength = (span: Span): number => span.end - span.start

export const sameSpan = (a: Span, b: Span): boolean => a.source === b.source && a.start === b.start && a.end === b.end

export const overlap = (a: Span, b: Span): number =>
  a.source === b.source ? Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start)) : 0

/** True when cutting `text` at `at` would part the halves of a surrogate pair. */
export function splitsPair(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false
  const before = text.charCodeAt(at - 1)
  const after = text.charCodeAt(at)
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff
}

/** Throws `span-outside` when the span does not lie inside `text` or parts a surrogate pair. */
export function sliceSpan(text: string, span: Span): string {
  const { start, end } = span
  if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= text.length))
    throw new FoveaError(
      'span-outside',
      `span ${start}-${end} lies outside a text of ${text.length} characters; index the source again`,
    )
  if (splitsPair(text, start) || splitsPair(text, end))
    throw new FoveaError('span-outside', `span ${start}-${end} parts a surrogate pair; move it by one character`)
  return text.slice(start, end)
}

/** Texts over Sources held in memory. */
export function textsOf(sources: Iterable<Source>): Texts {
  const byId = new Map<string, string>()
  for (const source of sources) byId.set(source.id, source.text)
  return {
    async slice(span, abortSignal) {
      abortSignal?.throwIfAborted()
      const text = byId.get(span.source)
      if (text === undefined)
        throw new FoveaError('source-unknown', `no source ${span.source}; add it before reading from it`)
      return sliceSpan(text, span)
    },
  }
}

/** The text of a passage: `derived`, or its spans' slices joined by a newline where they are not adjacent. */
export async function passageText(passage: Passage, texts: Texts, abortSignal?: AbortSignal): Promise<string> {
  if (passage.derived !== undefined) return passage.derived
  let out = ''
  let last: Span | undefined
  for (const span of passage.spans) {
    const piece = await texts.slice(span, abortSignal)
    const joined = !last || (last.source === span.source && last.end === span.start) || out.endsWith('\n')
    out += joined ? piece : `\n${piece}`
    last = span
  }
  return out
}

/** The first span's place in its source orders passages of one source; the order of sources is the caller's. */
export const byStart = (a: Passage, b: Passage): number =>
  a.spans[0].start - b.spans[0].start || a.spans[0].end - b.spans[0].end

/** The spans that a range of a verbatim passage's text stands for; line breaks that `passageText` puts in between spans stand for none. */
export function spansWithin(passage: Passage, text: string, start: number, end: number): Span[] {
  const found: Span[] = []
  let at = 0
  let last: Span | undefined
  for (const span of passage.spans) {
    const joined = !last || (last.source === span.source && last.end === span.start) || text[at - 1] === '\n'
    if (!joined) at++
    const [from, to] = [Math.max(start, at), Math.min(end, at + span.end - span.start)]
    if (from < to) found.push({ source: span.source, start: span.start + from - at, end: span.start + to - at })
    at += span.end - span.start
    last = span
  }
  return found
}
