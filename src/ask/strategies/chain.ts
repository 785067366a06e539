import type { Note, StrategyMeta } from '../contract.ts'
import { answerNotes } from '../reading/answering.ts'
import type { Chunk } from '../reading/chunks.ts'
import { citedNotes, citing, numberedNotes, warnInvented } from '../reading/copied.ts'
import { fenced, linesOf } from '../reading/notes.ts'
import { type Run, reading } from '../reading/run.ts'
import { tokensOf } from '../reading/scratchpad.ts'
import { chunkTokens, inTurn } from '../reading/turn.ts'

export const meta = {
  name: 'chain',
  summary: 'Workers read the parts in turn and pass a message on; a manager answers from the last message.',
  use: 'For questions whose answer is joined from parts far apart, where what a later part means hangs on an earlier one.',
  calls: 'chunks + 1',
  flow: 'part > message > next part > … > last message > answer',
  paper: 'Zhang et al. 2024, Chain of Agents, arXiv 2406.02818',
  needs: ['model'],
} as const satisfies StrategyMeta

const working = `You are one of several readers of a long text. You are shown one part of it, the message of the reader before you, and a question.
Write the message for the next reader: all that helps to answer the question, from the message and from your part. If neither helps, reply with the one word NONE.
${citing}`

/**
 * One call for each chunk, in turn, and one for the answer. Options: `order` is `forward`, `backward` or `shuffled` (by `seed`); `message`
 * is the most tokens of the message. Ours differs: words that a worker copied stay in the message until newer ones push them out, so that
 * a worker that forgets to repeat them loses nothing; what workers wrote themselves is replaced at each step, as in the paper.
 */
const chain = reading(meta.name, async (run) => {
  const { question } = run.request
  const { counter } = run.parts
  const cap = Math.min(run.option('message', Math.floor(run.room / 4)), Math.floor(run.room / 2))
  const order = run.option('order', 'forward')
  run.emit({ type: 'planned', plan: `Read the parts in turn (${order}) and pass on a message.` })
  let message: readonly Note[] = []
  await inTurn(run, ordered(run, run.chunks({ tokens: chunkTokens(run, run.room - cap) }), order), async (chunk) => {
    const { text } = await run.call({
      intent: 'summarise',
      purpose: `message after ${chunk.label}`,
      system: working,
      prompt: `Message of the reader before you:\n${fenced(numberedNotes(message) || '(none)')}\n\nPart [1] of the text, between the lines:\n${fenced(chunk.text)}\nEnd of the part.\n\nQuestion: ${question.trim()}\n\nMessage for the next reader, one sentence on a line:`,
      spans: [chunk.span],
    })
    const { notes, again, invented } = citedNotes(linesOf(text), chunk, message)
    warnInvented(run, invented, chunk)
    for (const note of notes) run.note(note)
    if (notes.length + again.length === 0) return
    const left = message.filter((note) => !again.includes(note) && !note.derived)
    const next = [...left, ...again, ...notes]
    while (next.length > 0 && tokensOf(counter, numberedNotes(next)) > cap) {
      const [gone] = next.splice(0, 1)
      run.warn('message-full', 'the message is full, and its oldest line is left out', gone!.evidence)
    }
    message = next
  })
  return answerNotes(
    run,
    message.toSorted((a, b) => a.at - b.at),
  )
})
export default chain

/** Chunks in another order; of those that wait only the place is held. */
async function* ordered(run: Run, chunks: AsyncIterable<Chunk>, order: string): AsyncGenerator<Chunk> {
  if (order !== 'backward' && order !== 'shuffled') return yield* chunks
  const waiting: Chunk[] = []
  for await (const chunk of chunks) waiting.push({ ...chunk, text: '' })
  if (order === 'backward') waiting.reverse()
  else shuffle(waiting, run.option('seed', 1))
  for (const chunk of waiting) yield { ...chunk, text: await run.parts.texts.slice(chunk.span, run.signal) }
}

/** Fisher and Yates, by a small generator of 32 bits (xorshift). */
function shuffle<Item>(items: Item[], seed: number): void {
  let state = Math.imul(seed | 0, 0x9e3779b1) || 0x9e3779b1
  for (let last = items.length - 1; last > 0; last--) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    const at = (state >>> 0) % (last + 1)
    ;[items[last], items[at]] = [items[at]!, items[last]!]
  }
}
