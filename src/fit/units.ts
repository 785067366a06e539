import { type Passage, type Span, sentences, type Texts } from '../core/index.ts'

/** Sentences longer than this (UTF-16 units) are cut at white space, so that one line without an end stays usable. */
const longest = 1600

/** Verbatim text with the place it stands at. */
export interface Part {
  readonly span: Span
  readonly text: string
}

/** What the packer keeps or leaves as one: a passage, what is left of one, a sentence, a piece. */
export interface Candidate {
  readonly entry: number
  /** Empty for derived text, which is taken whole or not at all. */
  readonly parts: readonly Part[]
  readonly text: string
  /** Those that must be there with it. */
  readonly needs?: readonly Candidate[]
}

/** A candidate behind all that it needs, directly or through others. */
export function withNeeds(candidate: Candidate): Candidate[] {
  if (!candidate.needs || candidate.needs.length === 0) return [candidate]
  const order: Candidate[] = []
  const seen = new Set<Candidate>()
  const visit = (one: Candidate) => {
    if (seen.has(one)) return
    seen.add(one)
    one.needs?.forEach(visit)
    order.push(one)
  }
  visit(candidate)
  return order
}

/** Text of parts in order, joined as the text of a passage is. */
export function joinParts(parts: readonly Part[]): string {
  let out = ''
  let last: Span | undefined
  for (const { span, text } of parts) {
    const joined = !last || (last.source === span.source && last.end === span.start) || out.endsWith('\n')
    out += joined ? text : `\n${text}`
    last = span
  }
  return out
}

/** Parts with neighbours that touch made one. */
export function mergeParts(parts: readonly Part[]): Part[] {
  const merged: Part[] = []
  for (const part of parts) {
    const last = merged.at(-1)
    if (last && last.span.source === part.span.source && last.span.end === part.span.start)
      merged[merged.length - 1] = { span: { ...last.span, end: part.span.end }, text: last.text + part.text }
    else merged.push(part)
  }
  return merged
}

/** The parts of a verbatim passage; at most `most` characters of it are read. */
export async function readParts(
  passage: Passage,
  texts: Texts,
  most = Number.POSITIVE_INFINITY,
  abortSignal?: AbortSignal,
): Promise<Part[]> {
  const parts: Part[] = []
  let left = most
  for (const span of passage.spans) {
    if (span.end <= span.start || left <= 0) continue
    if (span.end - span.start <= left) {
      parts.push({ span, text: await texts.slice(span, abortSignal) })
      left -= span.end - span.start
      continue
    }
    const text = await texts.slice(span, abortSignal)
    const end = safeCut(text, left)
    if (end > 0) parts.push({ span: { ...span, end: span.start + end }, text: text.slice(0, end) })
    left = 0
  }
  return parts
}

/** The nearest offset at or below `at` that parts no surrogate pair. */
function safeCut(text: string, at: number): number {
  const code = text.charCodeAt(at - 1)
  return at < text.length && code >= 0xd800 && code <= 0xdbff ? at - 1 : at
}

/** A part as sentences that cover it without gaps. */
export function cutSentences(part: Part): Part[] {
  const out: Part[] = []
  const push = (from: number, to: number) => {
    if (to > from)
      out.push({
        span: { source: part.span.source, start: part.span.start + from, end: part.span.start + to },
        text: part.text.slice(from, to),
      })
  }
  for (const [begin, to] of sentences(part.text)) {
    let from = begin
    while (to - from > longest) {
      const space = part.text.slice(from + longest / 2, from + longest).search(/\s\S*$/)
      const cut = space === -1 ? safeCut(part.text, from + longest) : from + longest / 2 + space + 1
      push(from, cut)
      from = cut
    }
    push(from, to)
  }
  return out
}
