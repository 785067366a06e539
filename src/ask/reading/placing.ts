import type { Passage, Span } from '../../core/index.ts'
import type { Note } from '../contract.ts'
import { verifyQuote } from '../verify.ts'
import type { Chunk } from './chunks.ts'
import { linesOf } from './notes.ts'
import type { Run } from './run.ts'

/** Where a quote stands in passages, as a note with its exact span; undefined where it stands in none. */
export async function placed(run: Run, passages: readonly Passage[], quote: string): Promise<Note | undefined> {
  let near: Note | undefined
  for (const [at, { spans }] of passages.entries())
    for (const span of spans) {
      const text = await run.parts.texts.slice(span, run.signal)
      const match = verifyQuote(quote, text)
      if (!match) continue
      const found: Span = { source: span.source, start: span.start + match.start, end: span.start + match.end }
      const note: Note = { text: text.slice(match.start, match.end), evidence: [found], derived: false, at }
      if (match.how !== 'fuzzy') return note
      near ??= note
    }
  return near
}

/**
 * Lines that a model copied from a chunk, each where it stands; a line that is there n times is taken to mean n places, in order,
 * where the chunk has as many.
 */
export function placedLines(reply: string, chunk: Chunk, bare: (line: string) => string = (line) => line) {
  const times = new Map<string, number>()
  const found: { readonly line: string; readonly note: Note }[] = []
  const invented: string[] = []
  for (const line of linesOf(reply)) {
    const quote = bare(line)
    const before = times.get(quote) ?? 0
    times.set(quote, before + 1)
    let from = 0
    let match = verifyQuote(quote, chunk.text)
    for (let time = 0; time < before && match; time++) {
      from += match.end
      const next = verifyQuote(quote, chunk.text.slice(from))
      match = next && next.how !== 'fuzzy' ? next : undefined
    }
    if (!match) {
      if (before === 0) invented.push(line)
      continue
    }
    const { source, start } = chunk.span
    const [first, last] = [from + match.start, from + match.end]
    const span: Span = { source, start: start + first, end: start + last }
    const note: Note = { text: chunk.text.slice(first, last), evidence: [span], derived: false, at: chunk.index }
    found.push({ line, note })
  }
  return { found, invented }
}
