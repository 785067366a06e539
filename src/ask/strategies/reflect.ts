import type { Passage } from '../../core/index.ts'
import type { AskRequest, Note, StrategyMeta } from '../contract.ts'
import { packNumbered } from '../numbered.ts'
import { altered } from '../reading/altered.ts'
import { answerPassages } from '../reading/answering.ts'
import { isStopped, type Run, reading } from '../reading/run.ts'
import { judgeEnough } from '../reading/sufficiency.ts'

export const meta = {
  name: 'reflect',
  summary:
    'The strongest evidence first, in few tokens; a judge says whether it is enough, and weaker evidence is added until it is.',
  use: 'To pay for as little context as a question needs: easy ones are answered from a few sentences, hard ones from more.',
  calls: 'rounds + 1',
  options: { rounds: 4 },
  flow: 'question > search > strongest sentences > ? enough > answer',
  paper: 'Jeong et al. 2025, ECoRAG: Evidentiality-guided Compression for Long Context RAG, arXiv 2506.05167',
  needs: ['model'],
} as const satisfies StrategyMeta

/**
 * Options: `rounds`, most rounds (4); `documents`, passages that the first looks at (10); `tokens`, what its pack may take (500); each
 * further round has twice as much of both, within the budget. The compressor is the caller's (`sufficient` is the paper's). Ours differs: the
 * judge is any model, where the paper trains one by which evidence led to right answers.
 */
const reflect = reading(meta.name, async (run) => {
  const { request } = run
  const most = Math.min(request.budget, run.room)
  const rounds = Math.max(1, run.option<number>('rounds', meta.options.rounds))
  const [documents, tokens] = [Math.max(1, run.option('documents', 10)), Math.max(1, run.option('tokens', 500))]
  let passages: readonly Passage[] = []
  let budget = 0
  let ended = 'rounds'
  let round = 0
  try {
    for (; round < rounds && ended === 'rounds'; round++) {
      const larger = Math.min(most, tokens * 2 ** round)
      const found = await run.retrieve(request.question, documents * 2 ** round)
      if (round > 0 && found.length === passages.length && larger === budget) ended = 'nothing-new'
      else {
        ;[passages, budget] = [found, larger]
        const notes = await evidenceIn(run, passages, budget)
        if ((await judgeEnough(run, notes)).enough) ended = 'enough'
      }
    }
  } catch (error) {
    if (!isStopped(error)) throw error
    ended = 'stopped'
  }
  const answer = await answerPassages(altered(run, { request: (): AskRequest => ({ ...request, budget }) }), passages)
  return { ...answer, trail: [...answer.trail, `rounds=${round}`, `ended=${ended}`, `budget=${budget}`] }
})
export default reflect

/** What a pack of the passages holds, as notes. */
async function evidenceIn(
  { parts, request, signal }: Run,
  passages: readonly Passage[],
  budget: number,
): Promise<Note[]> {
  const { kept, text, ranges } = await packNumbered(parts, passages, budget, request.question, signal)
  return kept.map(
    ({ spans, derived }, at): Note => ({
      text: text.slice(...ranges[at]!),
      evidence: spans,
      derived: derived !== undefined,
      at,
    }),
  )
}
