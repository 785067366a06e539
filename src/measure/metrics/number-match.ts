import type { Metric, MetricMeta } from '../contract.ts'
import { inDigits, type Numeral, numeralsIn, sameNumber } from '../numbers.ts'

export const meta = {
  name: 'number-match',
  summary:
    'One when the number said is the answer: whole numbers exactly, others within a thousandth or as rounded; separators and percent signs aside.',
  paper: 'Islam et al. 2023, FinanceBench, arXiv 2311.11944',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

const conclusion = /answer\s*(?:is|:)|####|\\boxed\{|答案/gi

const numbers = (text: string): Numeral[] => {
  const found = numeralsIn(text)
  return found.length > 0 ? found : numeralsIn(inDigits(text))
}

/** The number that a text comes to: the first after the last "answer is", else its last. */
function concluded(text: string): Numeral | undefined {
  const at = [...text.matchAll(conclusion)].at(-1)?.index
  return (at === undefined ? undefined : numbers(text.slice(at))[0]) ?? numbers(text).at(-1)
}

/**
 * Of one answer, the number that what was said comes to; of several, the share of them that were said, each number counting
 * once. Undefined where an answer has no number.
 */
const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.length) return undefined
  const wanted = answers.map((forms) => forms.flatMap((form) => concluded(form) ?? []))
  if (wanted.some((forms) => forms.length === 0)) return undefined
  const is = (number: Numeral, forms: readonly Numeral[]): boolean => forms.some((form) => sameNumber(number, form))
  if (wanted.length === 1) {
    const number = concluded(said)
    return number && is(number, wanted[0]!) ? 1 : 0
  }
  const left = numbers(said)
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
