import type { Answer } from '../../core/index.ts'
import type { StrategyMeta } from '../contract.ts'
import { packNumbered } from '../numbered.ts'
import { instructions, prompt } from '../prompt.ts'
import { answerPassages, gapText, groundedAnswer, partialAnswer } from '../reading/answering.ts'
import { mapOrdered } from '../reading/map.ts'
import { reading } from '../reading/run.ts'
import { attempt } from '../reading/searching.ts'
import { medoid, ordersOf, reordered } from '../reading/voting.ts'

export const meta = {
  name: 'vote',
  summary: 'The passages are shown in several orders; of the answers, the one that is most like all others is given.',
  paper: 'Dsouza et al. 2024, Evaluating Language Model Context Windows: A "Working Memory" Test, arXiv 2407.03651',
  needs: ['model'],
  use: 'For a model that overlooks what stands in the middle, where one wrong answer costs more than a few calls.',
  calls: 'votes',
  options: { votes: 5 },
  flow: 'question > search > pack in several orders > an answer for each > the one most like all others',
} as const satisfies StrategyMeta

/**
 * Options: `votes` (5). Agreement (mean similarity of the answer given to the others) stands in the trail as `agreement=0.83`. Similarity is
 * that of terms, where the paper compares embeddings; orders are turns of the pack and their reverses, so that each passage comes to both ends.
 */
const vote = reading(meta.name, async (run) => {
  const { parts, request, signal } = run
  const passages = await run.retrieve(request.question)
  const budget = Math.min(request.budget, run.room)
  // Numbers that stand elsewhere may cost a token or two more.
  const pack = await packNumbered(parts, passages, Math.max(0, budget - 16), request.question, signal)
  if (pack.kept.length === 0) return answerPassages(run, [])
  const orders = ordersOf(pack.kept.length, Math.max(1, run.option<number>('votes', meta.options.votes)))
  run.emit({
    type: 'planned',
    plan: `Answer over ${orders.length} orders of ${pack.kept.length} passages.`,
    calls: orders.length,
  })
  const answers: Answer[] = []
  const votes = mapOrdered(
    orders,
    async (order, index) => {
      const own = { ...(await reordered(run, pack, order)), budget }
      if (own.tokens.count + own.tokens.margin > budget) return undefined
      const spans = own.kept.flatMap((passage) => passage.spans)
      const reply = await attempt(run, [], () =>
        run.call({
          intent: 'answer',
          purpose: `vote ${index + 1}`,
          system: instructions,
          prompt: prompt(own.text, request.question),
          maxOutputTokens: 1500,
          spans,
        }),
      )
      return reply && reply.text.trim() !== '' ? groundedAnswer(run, reply.text, own) : undefined
    },
    run.concurrency,
  )
  for await (const answer of votes) if (answer) answers.push(answer)
  if (answers.length === 0) {
    const rest = { usage: run.usage(), trail: [run.name] }
    const { stopped } = run
    const answer = stopped
      ? partialAnswer(pack, stopped, await gapText(run), rest)
      : await groundedAnswer(run, '', pack)
    run.emit({ type: 'pack', pack })
    run.emit({ type: 'text', text: answer.text })
    return answer
  }
  const { index, agreement } = medoid(
    answers.map(({ text }) => text),
    parts.analyzer,
  )
  const chosen = answers[index]!
  run.emit({ type: 'pack', pack: chosen.pack })
  run.emit({ type: 'text', text: chosen.text })
  return {
    ...chosen,
    usage: run.usage(),
    trail: [...chosen.trail, `votes=${answers.length}`, `agreement=${agreement.toFixed(2)}`],
  }
})
export default vote
