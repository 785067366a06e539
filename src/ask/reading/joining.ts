import type { Span } from '../../core/index.ts'
import type { Note } from '../contract.ts'
import type { Chunk } from './chunks.ts'
import type { Run } from './run.ts'

/** UTF-16 units of what is joined, at most. */
const longest = 1200
/** UTF-16 units of white space between two lines, at most. */
const widest = 20
const endsSentence = /[.!?。！？]["'”’)\]]*$/
const lineBreak = /^[^\S\n]*\n[^\S\n]*$/

/**
 * Notes in their order, where a line that ends no sentence is one note with the line right below it: a title with its text, a sentence over
 * a line break. Replies are read line by line, and apart such lines say less than they did. `slice` gives the text of a span where it is known.
 */
export function joined(notes: readonly Note[], slice: (span: Span) => string | undefined): Note[] {
  const found: Note[] = []
  for (const note of notes) {
    const before = found.at(-1)
    const gap = before && gapOf(before, note)
    const between = gap && slice(gap)
    if (before && between !== undefined && lineBreak.test(between)) found[found.length - 1] = one(before, between, note)
    else found.push(note)
  }
  return found
}

/** The same where the text between is read from the sources. */
export async function joinedIn(
  { parts, signal }: Pick<Run, 'parts' | 'signal'>,
  notes: readonly Note[],
): Promise<Note[]> {
  const texts = new Map<string, string>()
  for (const [index, note] of notes.entries()) {
    const gap = index > 0 && gapOf(notes[index - 1]!, note)
    if (gap) texts.set(JSON.stringify(gap), await parts.texts.slice(gap, signal))
  }
  return joined(notes, (gap) => texts.get(JSON.stringify(gap)))
}

/** Text of spans out of the first chunk that holds them. */
export const sliceOf =
  (chunks: readonly Pick<Chunk, 'span' | 'text'>[]) =>
  ({ source, start, end }: Span): string | undefined => {
    const chunk = chunks.find(({ span }) => span.source === source && span.start <= start && end <= span.end)
    return chunk?.text.slice(start - chunk.span.start, end - chunk.span.start)
  }

/** What stands between two notes that may be joined. */
function gapOf(before: Note, note: Note): Span | undefined {
  const [first, second] = [before.evidence[0], note.evidence[0]]
  if (!first || !second || before.derived || note.derived || before.evidence.length + note.evidence.length > 2) return
  if (before.kind !== note.kind || before.confidence !== note.confidence || before.at !== note.at) return
  if (first.source !== second.source || first.end >= second.start || second.start - first.end > widest) return
  if (second.end - first.start > longest || endsSentence.test(before.text)) return
  return { source: first.source, start: first.end, end: second.start }
}

const one = (before: Note, between: string, note: Note): Note => ({
  ...before,
  text: `${before.text}${between}${note.text}`,
  evidence: [{ ...before.evidence[0]!, end: note.evidence[0]!.end }],
})
