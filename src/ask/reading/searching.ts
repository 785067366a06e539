import { FoveaError, messageOf, type Passage, type Span } from '../../core/index.ts'
import type { Note } from '../contract.ts'
import { verifyQuote } from '../verify.ts'
import { linesThat } from './copied.ts'
import { HeldSpans } from './held-spans.ts'
import { copying, linesOf, shown } from './notes.ts'
import { alike } from './queries.ts'
import { isStopped, type Run } from './run.ts'

/** A stretch of the text with its words. */
export interface Piece {
  readonly span: Span
  readonly text: string
}

/** Notes without repetition, and what was read for them, so that nothing is read twice. */
export class Notebook {
  readonly notes: Note[] = []
  readonly asked: string[] = []
  readonly #read = new Set<string>()
  readonly #written = new Set<string>()
  readonly #spans = new HeldSpans()

  /** The notes that were not held, nor are a part of one that is. */
  add(notes: readonly Note[]): Note[] {
    const fresh = notes.filter(({ text, evidence, derived }) => {
      if (derived) {
        const words = alike(text)
        if (this.#written.has(words)) return false
        this.#written.add(words)
        return true
      }
      if (evidence.every((span) => this.#spans.covers(span))) return false
      for (const span of evidence) this.#spans.add(span)
      return true
    })
    this.notes.push(...fresh)
    return fresh
  }

  /** Passages for a query that were not read, best first, of at most so many tokens together; they count as read from now on. */
  async unread(run: Run, query: string, tokens: number): Promise<Piece[]> {
    const { limit } = run.request
    const passages = await run.retrieve(query, limit + this.#read.size)
    const fresh = passages.filter(({ spans }) => !spans.every((span) => this.#read.has(keyOf(span)))).slice(0, limit)
    const pieces = await piecesOf(run, fresh, tokens)
    for (const { span } of pieces) this.#read.add(keyOf(span))
    return pieces
  }

  /** True once for each query, however it is written. */
  asks(query: string): boolean {
    if (query.trim() === '' || this.asked.some((other) => alike(other) === alike(query))) return false
    this.asked.push(query)
    return true
  }
}

const keyOf = ({ source, start, end }: Span): string => `${source}:${start}-${end}`

/** The spans of passages with their words, best first, of at most so many tokens together. */
export async function piecesOf(
  { parts: { texts, counter }, signal }: Run,
  passages: readonly Passage[],
  tokens: number,
): Promise<Piece[]> {
  const pieces: Piece[] = []
  let left = tokens
  for (const { spans } of passages)
    for (const span of spans) {
      const text = await texts.slice(span, signal)
      const count = counter.count(text) + 4
      if (count > left && pieces.length > 0) return pieces
      left -= count
      pieces.push({ span, text })
    }
  return pieces
}

export const piecesText = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text.trim()).join('\n\n')

/** Has a model copy out of pieces, and gives the lines that stand there as notes; a call that fails is a gap. */
export async function copiesOf(
  run: Run,
  pieces: readonly Piece[],
  question: string,
  { purpose, at = 0, ask = 'Copy what helps, one sentence on a line, or reply NONE:', view = '' }: CopyOptions,
): Promise<Note[]> {
  const spans = pieces.map(({ span }) => span)
  if (pieces.length === 0) return []
  const reply = await attempt(run, spans, () =>
    run.call({
      intent: 'extract',
      purpose,
      system: copying,
      prompt: shown(piecesText(pieces), view === '' ? question : `${question}\n${view}`, ask),
      spans,
    }),
  )
  if (!reply) return []
  const { notes, invented } = quotedIn(reply.text, pieces, at)
  if (invented.length > 0) run.warn('invented', `${linesThat(invented.length)} nowhere in it: left out`, spans)
  return notes
}

/** The same, told as events. */
export async function copyFrom(
  run: Run,
  pieces: readonly Piece[],
  question: string,
  options: CopyOptions,
): Promise<Note[]> {
  const notes = await copiesOf(run, pieces, question, options)
  for (const note of notes) run.note(note)
  return notes
}

/** The same into a notebook: those that are new there are told and given. */
export async function copyInto(
  book: Notebook,
  run: Run,
  pieces: readonly Piece[],
  question: string,
  options: Omit<CopyOptions, 'at'>,
): Promise<Note[]> {
  const fresh = book.add(await copiesOf(run, pieces, question, { at: book.notes.length, ...options }))
  for (const note of fresh) run.note(note)
  return fresh
}
interface CopyOptions {
  readonly purpose: string
  readonly at?: number
  readonly ask?: string
  /** Stands below the question: what is known, what it is for. */
  readonly view?: string
}

/** The lines of a reply that stand in one of the pieces, as notes, and those that do not. */
export function quotedIn(reply: string, pieces: readonly Piece[], at = 0): { notes: Note[]; invented: string[] } {
  const notes: Note[] = []
  const invented: string[] = []
  for (const line of linesOf(reply)) {
    const holder = pieces.find(({ text }) => text.includes(line))
    const found = (holder ? [holder] : pieces).flatMap(({ span, text }) => {
      const match = verifyQuote(line, text)
      if (!match) return []
      const own = { source: span.source, start: span.start + match.start, end: span.start + match.end }
      return [{ text: text.slice(match.start, match.end), evidence: [own], derived: false, at }]
    })
    if (found[0]) notes.push(found[0])
    else invented.push(line)
  }
  return { notes, invented }
}

/** Retrieves for a query, reads what was not read yet, and gives the notes that are new. */
export async function lookUp(run: Run, book: Notebook, query: string, options: LookUpOptions = {}): Promise<Note[]> {
  const { question = query, tokens = run.option('read', 3000), ...copy } = options
  book.asks(query)
  const pieces = await book.unread(run, query, Math.min(tokens, run.room))
  return copyInto(book, run, pieces, question, { purpose: `evidence for ${query}`, ...copy })
}
interface LookUpOptions extends Partial<CopyOptions> {
  /** What is asked of the passages, where it is not the query. */
  readonly question?: string
  /** Most tokens that are read. */
  readonly tokens?: number
}

/** What work gives, or undefined where it failed or the run was stopped, which is a gap. */
export async function attempt<Value>(
  run: Run,
  spans: readonly Span[],
  work: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await work()
  } catch (error) {
    run.signal.throwIfAborted()
    if (!FoveaError.is(error)) throw error
    if (!isStopped(error) || spans.length > 0) run.missed({ spans, why: messageOf(error) })
    return undefined
  }
}

/** A reply of a model for a plan; '' where there is none. */
export async function planned(
  run: Run,
  purpose: string,
  prompt: string,
  system: string,
  intent: 'plan' | 'program' = 'plan',
): Promise<string> {
  const maxOutputTokens = intent === 'program' ? 1500 : 600
  const reply = await attempt(run, [], () => run.call({ intent, purpose, system, prompt, maxOutputTokens }))
  return reply?.text ?? ''
}

/** Whether a model finds that notes answer the question; true where it cannot be asked any more. */
export async function isEnough(run: Run, notes: readonly Note[], question: string): Promise<boolean> {
  if (notes.length === 0) return run.stopped !== undefined
  const reply = await attempt(run, [], () =>
    run.call({
      intent: 'judge',
      purpose: 'is it enough',
      system: 'You judge whether notes are enough to answer a question. Reply YES or NO and nothing else.',
      prompt: shown(
        toldNotes(run, notes),
        question,
        'Do the notes hold all that the answer needs? YES or NO:',
        'Notes',
      ),
      maxOutputTokens: 10,
      spans: notes.flatMap(({ evidence }) => evidence),
    }),
  )
  return reply === undefined ? run.stopped !== undefined : /^\W*yes\b/i.test(reply.text)
}

/** Notes as lines, the newest where not all fit into half of a prompt. */
export function toldNotes(run: Run, notes: readonly Note[], tokens = Math.floor(run.room / 2)): string {
  const lines: string[] = []
  let left = tokens
  for (const { text } of notes.toReversed()) {
    const line = `- ${text.replace(/\s*\n\s*/g, ' ').trim()}`
    left -= run.parts.counter.count(line) + 1
    if (left < 0) break
    lines.unshift(line)
  }
  return lines.join('\n')
}

/** What a model wrote of notes; where it only repeats one of them, that note itself. Undefined without evidence. */
export function derivedNote(text: string, from: readonly Note[], at = 0): Note | undefined {
  const own = from.find((note) => note.text.trim() === text.trim())
  if (own) return own
  const evidence = from.flatMap((note) => note.evidence)
  return text.trim() === '' || evidence.length === 0 ? undefined : { text: text.trim(), evidence, derived: true, at }
}
