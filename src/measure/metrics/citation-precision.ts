import { bears, citedBy, type Statement } from '../cited.ts'
import type { Judge, Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'citation-precision',
  summary:
    'The share of citations that their sentence needs: each bears it out alone, or the others without it do not.',
  paper: 'Gao et al. 2023, ALCE, arXiv 2305.14627',
  needs: ['judge'],
  atDepth: false,
  of: 'citations',
} as const satisfies MetricMeta

/** Citations of a sentence that all of them together do not bear out count as not needed. */
const metric: Metric = (outcome, { judge } = {}) => {
  const statements = citedBy(outcome)
  const total = statements?.reduce((sum, { cited }) => sum + cited.length, 0)
  return judge && statements && total ? share(statements, total, judge) : undefined
}

async function share(statements: readonly Statement[], total: number, judge: Judge): Promise<number> {
  let needed = 0
  for (const { text, cited } of statements) {
    if (!(await bears(judge, cited, text))) continue
    for (const one of cited) {
      const others = cited.filter((other) => other !== one)
      if ((await bears(judge, [one], text)) || !(await bears(judge, others, text))) needed++
    }
  }
  return needed / total
}

export default metric
