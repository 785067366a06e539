import type { Analysis } from '../contract.ts'
import { grouped, rounded } from '../scores.ts'
import { mean } from '../stats.ts'

export const meta = {
  name: 'compliance',
  summary:
    'Answering however a question is asked, against refusing what the text does not answer, and both in one number.',
  paper: 'Kamble et al. 2025, FailSafeQA, arXiv 2502.06329',
} as const

/** Refusing when it is due weighs more than answering: beta of the F measure. */
const beta = 0.5

/** Robustness takes the worst over the ways in which one question (tag `item`) is asked; without the tag each counts alone. */
const analysis: Analysis = (results) => {
  const telling = results
    .filter(({ scores }) => scores.robustness !== undefined || scores.grounding !== undefined)
    .map((result) => ({ result }))
  const rows = grouped(telling, 'task', 'system', 'budget', 'reader').flatMap(({ labels, rows: own }) => {
    const byItem = Map.groupBy(
      own.filter(({ result }) => result.scores.robustness !== undefined),
      ({ result }) => `${result.tags.item ?? result.sample}\u0001${result.seed}\u0001${result.length}`,
    )
    const worst = [...byItem.values()].map((of) => Math.min(...of.map(({ result }) => result.scores.robustness!)))
    const refused = own.flatMap(({ result }) => result.scores.grounding ?? [])
    if (worst.length === 0 || refused.length === 0) return []
    const [robustness, grounding] = [mean(worst), mean(refused)]
    const below = beta ** 2 * grounding + robustness
    const both = below === 0 ? 0 : ((1 + beta ** 2) * robustness * grounding) / below
    return [[...labels, rounded(robustness), rounded(grounding), rounded(both), worst.length, refused.length]]
  })
  if (rows.length === 0) return undefined
  return {
    title: 'Answers and refusals when they are due',
    columns: [
      'task',
      'system',
      'budget',
      'reader',
      'robustness',
      'grounding',
      'compliance',
      'questions',
      'unanswerable',
    ],
    rows,
    note: 'Compliance is the F measure of both with beta 0.5, so that it cannot be had by always answering or always refusing.',
  }
}

export default analysis
