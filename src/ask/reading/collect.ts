import type { Passage } from '../../core/index.ts'
import type { Note } from '../contract.ts'
import type { Chunk } from './chunks.ts'
import { DistinctNotes, warnInvented } from './copied.ts'
import { copying, notePassages, quotedNotes, shown } from './notes.ts'
import type { Run } from './run.ts'
import { corpusTokens } from './size.ts'

/** Rooms of text up to which all of it is read rather than searched. */
const mostRooms = 12

/**
 * What of the text bears on a question, as passages: all of it where it fits the budget (no call), what a model copies out of every part
 * where that is not too much (a call for each), else what the retriever finds. The option `read` (`whole`, `all`, `retrieved`) decides otherwise, `chunk` how many tokens are read at once (as many as a prompt takes).
 */
export async function collect(run: Run, question: string, system = copying): Promise<Passage[]> {
  const tokens = await corpusTokens(run.parts, run.request.filter, run.signal)
  const room = Math.min(run.request.budget, run.room)
  // Labels and numbers stand between the passages.
  const fits = tokens * 1.1 < room ? 'whole' : tokens <= mostRooms * run.room ? 'all' : 'retrieved'
  const how = run.option('read', fits as string)
  if (how === 'retrieved') return run.retrieve(question)
  if (how === 'whole') {
    const passages: Passage[] = []
    for await (const { span } of run.chunks({ tokens: Math.max(50, Math.floor(room / 8)) }))
      passages.push({ spans: [span], score: -passages.length, trail: ['whole'] })
    return passages
  }
  return notePassages(await joined(run, await evidenceNotes(run, question, system)))
}

/** Notes that follow each other in a source with nothing but space between them, as one. */
async function joined(run: Run, notes: readonly Note[]): Promise<Note[]> {
  const found: Note[] = []
  for (const note of notes) {
    const [last, [span]] = [found.at(-1), note.evidence]
    const [before] = last?.evidence ?? []
    if (before && span && before.source === span.source && before.end <= span.start && span.start - before.end < 20) {
      const whole = { ...before, end: span.end }
      const text = await run.parts.texts.slice(whole, run.signal)
      if (text.slice(before.end - before.start, span.start - before.start).trim() === '') {
        found[found.length - 1] = { ...last!, text, evidence: [whole] }
        continue
      }
    }
    found.push(note)
  }
  return found
}

/** What a model copies of every part for a question; lines that stand nowhere are left out with a warning. */
export async function evidenceNotes(run: Run, question: string, system = copying): Promise<Note[]> {
  const notes = new DistinctNotes()
  const tokens = Math.min(run.room, run.option('chunk', run.room))
  const size = { tokens, overlap: Math.floor(tokens / 20) }
  const read = run.over(run.chunks(size), async (chunk: Chunk) => {
    const { text } = await run.call({
      intent: 'extract',
      purpose: `evidence in ${chunk.label}`,
      system,
      prompt: shown(chunk.text, question, 'Copy what helps, one sentence on a line, or reply NONE:'),
      spans: [chunk.span],
    })
    return { chunk, ...quotedNotes(text, chunk) }
  })
  for await (const { chunk, notes: own, invented } of read) {
    for (const note of own) if (notes.add(note)) run.note(note)
    warnInvented(run, invented, chunk)
  }
  return notes.list
}
