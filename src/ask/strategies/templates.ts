import type { StrategyMeta } from '../contract.ts'
import { thinking } from '../reading/thoughts.ts'

export const meta = {
  name: 'templates',
  summary:
    'Templates of thinking that fit the question guide look-ups and answer; one that falls short is edited by feedback.',
  paper: 'Jeong et al. 2025, When Thoughts Meet Facts: Reusable Reasoning for Long-Context LMs, arXiv 2510.07499',
  needs: ['model'],
  use: 'For many questions of the same few kinds: chains, comparisons, last states, lists.',
  calls: '(rounds + 1) * 11 + 1',
  options: { rounds: 2 },
  flow: 'question > templates that fit > look-ups > ? enough > answer',
} as const satisfies StrategyMeta

/**
 * Options: `templates` shown (2), `rounds` of feedback (2), `thoughts` (more templates, as JSON), `read` tokens of a look-up (3,000).
 * The paper makes its templates of solved training questions and scores them over these; ours begins with five written ones, and
 * scores and edits them as questions are asked.
 */
export default thinking(meta.name, undefined, meta.options.rounds)
