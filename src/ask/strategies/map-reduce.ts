import type { Note, StrategyMeta } from '../contract.ts'
import { answerNotes } from '../reading/answering.ts'
import { copying, quotedNotes, shown } from '../reading/notes.ts'
import { reading } from '../reading/run.ts'

export const meta = {
  name: 'map-reduce',
  summary:
    'Every part of the text is read by itself for evidence, side by side; the answer is made from what was copied.',
  paper: 'Zhou et al. 2024, LLMxMapReduce, arXiv 2410.09342',
  use: 'When the evidence may stand anywhere, or in many places, and every part is worth one call.',
  calls: 'chunks + 1',
  needs: ['model'],
} as const satisfies StrategyMeta

/**
 * One call for each chunk, one for the answer. Ours keeps what was copied as verified spans, where the paper passes rationales and a
 * confidence on; lines that stand nowhere in the part are dropped with a warning.
 */
const mapReduce = reading(meta.name, async (run) => {
  const { question } = run.request
  run.emit({ type: 'planned', plan: 'Read every part for evidence, then answer from it.' })
  const notes: Note[] = []
  const read = run.over(run.chunks({ tokens: run.room, overlap: Math.floor(run.room / 40) }), async (chunk) => {
    const { text } = await run.call({
      intent: 'extract',
      purpose: `evidence in ${chunk.label}`,
      system: copying,
      prompt: shown(chunk.text, question, 'Copy what helps, one sentence on a line, or reply NONE:'),
      spans: [chunk.span],
    })
    return { chunk, ...quotedNotes(text, chunk) }
  })
  for await (const { chunk, notes: own, invented } of read) {
    for (const note of own) run.note(note)
    notes.push(...own)
    if (invented.length > 0)
      run.warn('invented', `${invented.length} lines that stand nowhere in ${chunk.label} are left out`, [chunk.span])
  }
  return answerNotes(run, notes)
})
export default mapReduce
