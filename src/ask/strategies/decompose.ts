import type { StrategyMeta } from '../contract.ts'
import { decomposing } from '../reading/decomposing.ts'
import { standardHandlers } from '../reading/handlers.ts'

export const meta = {
  name: 'decompose',
  summary: 'The question is split into steps, each done by a prompt, a retrieval or a plain function, again and again.',
  paper: 'Khot et al. 2022, Decomposed Prompting: A Modular Approach for Solving Complex Tasks, arXiv 2210.02406',
  needs: ['model'],
  use: 'For questions that a list, a count, a sum or a chain of look-ups answers.',
  calls: 'tasks * max(4, chunks) + 1',
  options: { tasks: 24 },
  flow: 'question > steps > a handler for each: prompt, search or function > answer',
} as const satisfies StrategyMeta

/**
 * Options: `depth` of sub-questions (3), `tasks` at most (24), `read` tokens of a look-up (3,000). Where the paper shows the decomposer
 * examples, ours is told what each handler does.
 */
export default decomposing(meta.name, standardHandlers, meta.options.tasks)
