import { entailment, statementsOf } from '../cited.ts'
import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'citation-precision',
  summary:
    'The share of the citations that are needed: they bear their sentence out alone, or the others do not without them.',
  paper: 'Gao et al. 2023, ALCE, arXiv 2305.14627',
  atDepth: false,
  of: 'citations',
  needs: ['judge'],
} as const satisfies MetricMeta

/** As in the paper no citation counts whose sentence all of them do not bear out, and an answer without citations has none that do. */
const metric: Metric = async (outcome, { judge } = {}) => {
  const statements = statementsOf(outcome)
  if (!judge || !statements?.length) return undefined
  const entails = entailment(judge)
  let all = 0
  let needed = 0
  for (const { claim, cited } of statements) {
    all += cited.length
    if (!(await entails(cited, claim))) continue
    for (const text of cited) {
      const others = cited.filter((other) => other !== text)
      if ((await entails([text], claim)) || !(await entails(others, claim))) needed++
    }
  }
  return all === 0 ? 0 : needed / all
}

export default metric
