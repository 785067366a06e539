import type { Metric, MetricMeta } from '../contract.ts'
import { bare } from '../words.ts'

export const meta = {
  name: 'subspan-match',
  summary: 'One when every answer stands in what was said, in one of its forms, signs and articles aside.',
  paper: 'Lee et al. 2024, LOFT, arXiv 2406.13121',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

/** As in the paper a form may stand inside a longer word. A form of nothing but signs and articles is looked for as it is. */
const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.length) return undefined
  const [heard, whole] = [bare(said), said.toLowerCase()]
  const stands = (form: string): boolean =>
    bare(form) === '' ? whole.includes(form.toLowerCase()) : heard.includes(bare(form))
  return answers.every((forms) => forms.some(stands)) ? 1 : 0
}

export default metric
