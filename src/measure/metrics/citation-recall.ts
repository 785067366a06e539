import { entailment, statementsOf } from '../cited.ts'
import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'citation-recall',
  summary: 'The share of the sentences of an answer that all their citations together bear out.',
  paper: 'Gao et al. 2023, ALCE, arXiv 2305.14627',
  atDepth: false,
  of: 'citations',
  needs: ['judge'],
} as const satisfies MetricMeta

/** The paper shows the judge whole passages; ours the words that are cited. */
const metric: Metric = async (outcome, { judge } = {}) => {
  const statements = statementsOf(outcome)
  if (!judge || !statements?.length) return undefined
  const entails = entailment(judge)
  let borne = 0
  for (const { claim, cited } of statements) if (await entails(cited, claim)) borne++
  return borne / statements.length
}

export default metric
