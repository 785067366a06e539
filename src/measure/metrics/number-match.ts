import type { Metric, MetricMeta } from '../contract.ts'
import { finalNumber, inDigits, type Numeral, numeralsIn, sameNumber } from '../numbers.ts'

export const meta = {
  name: 'number-match',
  summary:
    'One when the number said is the answer: whole numbers exactly, others within a thousandth or as rounded; separators and percent signs aside.',
  paper: 'Islam et al. 2023, FinanceBench, arXiv 2311.11944',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

/**
 * Of one answer, the number that what was said comes to; of several, the share of them that were said, each number counting
 * once. Undefined where an answer has no number.
 */
const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.length) return undefined
  const wanted = answers.map((forms) => forms.flatMap((form) => finalNumber(form) ?? []))
  if (wanted.some((forms) => forms.length === 0)) return undefined
  const is = (number: Numeral, forms: readonly Numeral[]): boolean => forms.some((form) => sameNumber(number, form))
  if (wanted.length === 1) {
    const number = finalNumber(said)
    return number && is(number, wanted[0]!) ? 1 : 0
  }
  const left = numeralsIn(inDigits(said))
  let found = 0
  for (const forms of wanted) {
    const at = left.findIndex((number) => is(number, forms))
    if (at === -1) continue
    left.splice(at, 1)
    found++
  }
  return found / wanted.length
}

export default metric
