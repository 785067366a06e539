import type { Analysis } from '../contract.ts'
import { rounded } from '../scores.ts'
import { kendall, pearson, spearman } from '../stats.ts'

export const meta = {
  name: 'human-correlation',
  summary: 'How well each score follows what people said of the same answers (the tag `human`).',
  paper: 'Zhao et al. 2023, Evaluating Open-Domain Dialogues in Latent Space, arXiv 2305.16967',
} as const

const least = 5
/** Kendall's compares all pairs: of more answers than this, evenly spaced ones. */
const most = 2000

const analysis: Analysis = (results) => {
  const labelled = results.filter(({ tags }) => typeof tags.human === 'number' || typeof tags.human === 'boolean')
  const rows = [...Map.groupBy(labelled, ({ task }) => task)].flatMap(([task, own]) => {
    const scores = [...new Set(own.flatMap((result) => Object.keys(result.scores)))].sort()
    return scores.flatMap((score) => {
      const pairs = own.flatMap((result) =>
        result.scores[score] === undefined ? [] : [[Number(result.tags.human), result.scores[score]] as const],
      )
      const [people, values] = [pairs.map(([human]) => human), pairs.map(([, value]) => value)]
      if (pairs.length < least || new Set(values).size < 2 || new Set(people).size < 2) return []
      const step = Math.max(1, pairs.length / most)
      const some = Array.from({ length: Math.min(most, pairs.length) }, (_, at) => Math.floor(at * step))
      const tau = kendall(
        some.map((at) => people[at]!),
        some.map((at) => values[at]!),
      )
      return [
        [task, score, rounded(pearson(people, values)), rounded(spearman(people, values)), rounded(tau), pairs.length],
      ]
    })
  })
  if (rows.length === 0) return undefined
  return {
    title: 'Scores and people',
    columns: ['task', 'score', 'Pearson', 'Spearman', 'Kendall', 'answers'],
    rows,
  }
}

export default analysis
