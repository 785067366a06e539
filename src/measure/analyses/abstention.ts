import type { Analysis, Result } from '../contract.ts'
import { isUnanswerable, mainScores, rounded } from '../scores.ts'
import { mean } from '../stats.ts'

export const meta = {
  name: 'abstention',
  summary:
    'How much is answered, and how much of that is wrong, as the strength moves below which nothing is answered.',
  paper: 'El-Yaniv and Wiener 2010, On the Foundations of Noise-free Selective Classification',
} as const

const steps = 10

interface Asked {
  readonly strength: number
  /** How right it is to have answered so. */
  readonly right: number
  readonly unanswerable: boolean
}

/** By the score `strength`, else by the score `abstained` turned round; to answer what cannot be answered is wrong. */
const analysis: Analysis = (results, known) => {
  const mainScore = mainScores(known)
  const telling = results.filter(({ scores }) => scores.abstained !== undefined)
  const groups = Map.groupBy(telling, ({ task, system, budget, reader }) =>
    JSON.stringify([task, system, budget, reader]),
  )
  const rows = [...groups].flatMap(([key, own]) => {
    const asked = own.map(askedOf)
    const strengths = [...new Set(asked.map(({ strength }) => strength))].sort((one, other) => one - other)
    const thresholds =
      strengths.length <= steps
        ? strengths
        : Array.from({ length: steps }, (_, step) => strengths[Math.floor((step * strengths.length) / steps)]!)
    return thresholds.map((threshold) => {
      const answered = asked.filter(({ strength }) => strength >= threshold)
      const [due, others] = [
        asked.filter(({ unanswerable }) => unanswerable),
        asked.filter(({ unanswerable }) => !unanswerable),
      ]
      const share = (of: readonly Asked[]): number | string =>
        of.length === 0 ? '' : rounded(of.filter(({ strength }) => strength < threshold).length / of.length)
      return [
        ...(JSON.parse(key) as string[]),
        rounded(threshold),
        rounded(answered.length / asked.length),
        rounded(1 - mean(answered.map(({ right }) => right))),
        share(due),
        share(others),
        asked.length,
      ]
    })
  })
  if (rows.length === 0) return undefined
  return {
    title: 'Coverage against risk',
    columns: [
      'task',
      'system',
      'budget',
      'reader',
      'threshold',
      'coverage',
      'risk',
      'refused when due',
      'refused when not',
      'samples',
    ],
    rows,
    note: 'Coverage is the share of questions that are answered, risk the share of those that are answered wrongly.',
  }

  function askedOf(result: Result): Asked {
    const { strength, abstained = 0 } = result.scores
    const unanswerable = isUnanswerable(result)
    const right = unanswerable || result.failure !== undefined ? 0 : (mainScore(result)?.value ?? 0)
    return { strength: strength ?? 1 - abstained, right, unanswerable }
  }
}

export default analysis
