import type { StrategyMeta } from '../contract.ts'
import { answerNotes } from '../reading/answering.ts'
import { batched, copiedNotes, DistinctNotes, linesThat, listed, overGroups, passageChunks } from '../reading/copied.ts'
import { copying, linesOf, shown } from '../reading/notes.ts'
import { reading } from '../reading/run.ts'

export const meta = {
  name: 'retrieve-then-reason',
  summary: 'First the facts, copied from found passages and verified; then reasoning over these facts alone.',
  use: 'For questions whose facts a search finds, where a model would otherwise mix in what it believes.',
  calls: 'prompts + 1',
  flow: 'question > search > facts, word for word > answer from these alone',
  paper: 'Li et al. 2024, ALR2: A Retrieve-then-Reason Framework for Long-context Question Answering, arXiv 2410.03227',
  needs: ['model'],
} as const satisfies StrategyMeta

/**
 * One call for each prompt full of passages, one for the answer. Facts that stand in no passage are dropped and counted (`invented=N` in
 * the trail). The paper trains its model to do so; ours asks any model, and checks.
 */
const retrieveThenReason = reading(meta.name, async (run) => {
  const { question } = run.request
  const chunks = await passageChunks(run, await run.retrieve(question))
  const facts = new DistinctNotes()
  let wrong = 0
  const read = overGroups(run, batched(run, chunks, run.room), async (group) => {
    const { text } = await run.call({
      intent: 'extract',
      purpose: `facts in ${group.length} passages`,
      system: copying,
      prompt: shown(listed(group), question, 'Copy the facts, one sentence on a line, or reply NONE:', 'Passages'),
      spans: group.map(({ span }) => span),
    })
    return copiedNotes(linesOf(text), group)
  })
  for await (const { notes, invented } of read) {
    wrong += invented.length
    for (const note of notes) if (facts.add(note)) run.note(note)
  }
  if (wrong > 0) run.warn('invented', `${linesThat(wrong)} in no passage: left out`)
  const answer = await answerNotes(run, facts.list)
  return { ...answer, trail: [...answer.trail, `facts=${facts.list.length}`, `invented=${wrong}`] }
})
export default retrieveThenReason
