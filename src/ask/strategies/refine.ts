import type { Note, StrategyMeta } from '../contract.ts'
import { answerNotes } from '../reading/answering.ts'
import { citedNotes, citing, numberedNotes, warnInvented } from '../reading/copied.ts'
import { fenced, linesOf, saysNone } from '../reading/notes.ts'
import { reading } from '../reading/run.ts'
import { tokensOf } from '../reading/scratchpad.ts'
import { chunkTokens, inTurn } from '../reading/turn.ts'

export const meta = {
  name: 'refine',
  summary: 'Part by part: a draft of the answer is written anew with each part that is read.',
  use: 'The plain comparison for reading in turn: for short texts whose parts build on each other.',
  calls: 'chunks + 1',
  flow: 'part > draft > next part > draft anew > … > last draft > answer',
  needs: ['model'],
} as const satisfies StrategyMeta

const drafting = `You answer a question from a long text that you are shown part by part. After each part you write the whole draft anew: what of the draft so far is still right, and what the part adds.
What you do not write again is forgotten. If neither the draft nor the part helps, reply with the one word NONE.
${citing}`

/**
 * One call for each chunk, in turn, and one for the answer. Option: `draft`, most tokens of the draft. As in the common pattern the draft is free to be rewritten; ours keeps of it
 * only what rests on evidence, and keeps all of it where the model replies with nothing or NONE.
 */
const refine = reading(meta.name, async (run) => {
  const { question } = run.request
  const { counter } = run.parts
  run.emit({ type: 'planned', plan: 'Read part by part and write the draft anew with each.' })
  const cap = Math.min(run.option('draft', Math.floor(run.room / 4)), Math.floor(run.room / 2))
  let draft: readonly Note[] = []
  await inTurn(run, run.chunks({ tokens: chunkTokens(run, run.room - cap) }), async (chunk) => {
    const { text } = await run.call({
      intent: 'summarise',
      purpose: `draft with ${chunk.label}`,
      system: drafting,
      prompt: `Part [1] of the text, between the lines:\n${fenced(chunk.text)}\nEnd of the part.\n\nDraft so far:\n${fenced(numberedNotes(draft) || '(empty)')}\n\nQuestion: ${question.trim()}\n\nThe whole draft, one sentence on a line:`,
      spans: [chunk.span],
    })
    if (text.trim() === '' || saysNone(text)) return
    const { notes, again, invented } = citedNotes(linesOf(text), chunk, draft)
    warnInvented(run, invented, chunk)
    for (const note of notes) run.note(note)
    const next = [...again, ...notes]
    while (next.length > 0 && tokensOf(counter, numberedNotes(next)) > cap) next.shift()
    if (next.length > 0) draft = next
  })
  return answerNotes(run, draft)
})
export default refine
