import { bears, citedBy, type Statement } from '../cited.ts'
import type { Judge, Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'citation-recall',
  summary: 'The share of sentences said that their citations, taken together, bear out.',
  paper: 'Gao et al. 2023, ALCE, arXiv 2305.14627',
  needs: ['judge'],
  atDepth: false,
  of: 'citations',
} as const satisfies MetricMeta

/** A sentence without citations counts as not borne out. */
const metric: Metric = (outcome, { judge } = {}) => {
  const statements = citedBy(outcome)
  return judge && statements?.length ? share(statements, judge) : undefined
}

async function share(statements: readonly Statement[], judge: Judge): Promise<number> {
  let borne = 0
  for (const { text, cited } of statements) if (await bears(judge, cited, text)) borne++
  return borne / statements.length
}

export default metric
