import type { Passage, Span } from '../../core/index.ts'
import type { Note } from '../contract.ts'
import { verifyQuote } from '../verify.ts'
import type { Chunk } from './chunks.ts'
import type { Run } from './run.ts'
import { fitTo, tokensOf } from './scratchpad.ts'

/** The words of a quote as a note with their exact span, from the first chunk in which they stand. */
export function copiedNote(
  quote: string,
  chunks: readonly Chunk[],
  more: Partial<Pick<Note, 'kind' | 'confidence'>> = {},
): Note | undefined {
  for (const { span, text, index } of chunks) {
    const match = verifyQuote(quote, text)
    if (!match) continue
    const evidence = [{ source: span.source, start: span.start + match.start, end: span.start + match.end }]
    return { text: text.slice(match.start, match.end), evidence, derived: false, at: index, ...more }
  }
  return undefined
}

export interface Copied {
  readonly notes: readonly Note[]
  /** Notes known before that were copied again. */
  readonly again: readonly Note[]
  /** Lines that stand nowhere. */
  readonly invented: readonly string[]
}

/** Lines as notes with exact spans: those that stand in a chunk, those that repeat a known note, and those that stand nowhere. */
export function copiedNotes(lines: readonly string[], chunks: readonly Chunk[], known: readonly Note[] = []): Copied {
  const notes: Note[] = []
  const again: Note[] = []
  const invented: string[] = []
  for (const line of lines) {
    const old =
      known.find(({ text }) => text === line) ?? known.find(({ text }) => verifyQuote(line, text) !== undefined)
    if (old) {
      if (!again.includes(old)) again.push(old)
      continue
    }
    const note = copiedNote(line, chunks)
    if (!note) invented.push(line)
    else if (!holds(notes, note)) notes.push(note)
  }
  return { notes, again, invented }
}

/** True where one of the notes has the same words of the same place. */
export const holds = (notes: readonly Note[], { text, evidence: [own] }: Note): boolean =>
  notes.some(
    ({ text: other, evidence: [span] }) =>
      text === other && span?.source === own?.source && span?.start === own?.start && span?.end === own?.end,
  )

/** Passages as chunks to copy from: one for each of their spans. */
export async function passageChunks(
  { parts, signal }: Pick<Run, 'parts' | 'signal'>,
  passages: readonly Passage[],
): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  for (const passage of passages)
    for (const span of passage.spans) {
      const text = await parts.texts.slice(span, signal)
      if (text.trim() === '') continue
      const label = await parts.label({ ...passage, spans: [span] })
      chunks.push({ span, text, label, index: chunks.length })
    }
  return chunks
}

/** Several chunks below their labels, numbered from 1. */
export const listed = (chunks: readonly Chunk[]): string =>
  chunks.map(({ label, text }, index) => `[${index + 1}] ${label}\n${text}`).join('\n\n')

/** Chunks in groups whose listing has at most so many tokens; a chunk that has more by itself is cut down, which is a gap. */
export async function* batched(
  run: Run,
  chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
  tokens: number,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<Chunk[], void, void> {
  const { counter } = run.parts
  let group: Chunk[] = []
  let used = 0
  for await (const given of chunks) {
    let chunk = given
    // A token more for each place where two listings meet.
    let own = tokensOf(counter, listed([chunk])) + 4
    if (own > tokens) {
      const text = fitTo(counter, chunk.text, tokens - tokensOf(counter, `[99] ${chunk.label}\n`) - 8)
      const end = chunk.span.start + text.length
      run.missed({ spans: [{ ...chunk.span, start: end }], why: `it does not fit into ${tokens} tokens` })
      if (text === '') continue
      chunk = { ...chunk, text, span: { ...chunk.span, end } }
      own = tokens
    }
    if (group.length > 0 && (used + own > tokens || group.length >= most)) {
      yield group
      group = []
      used = 0
    }
    group.push(chunk)
    used += own
  }
  if (group.length > 0) yield group
}

export const spansOfNotes = (notes: readonly Note[]): Span[] => notes.flatMap(({ evidence }) => evidence)
