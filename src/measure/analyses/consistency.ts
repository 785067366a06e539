import type { Analysis, Result } from '../contract.ts'
import { grouped, rounded, type Scored, scored } from '../scores.ts'
import { mean } from '../stats.ts'

export const meta = {
  name: 'consistency',
  summary:
    'One question asked over its text in several orders: how often the answers score the same, and what voting gains.',
  paper: 'Dsouza et al. 2024, SWiM, arXiv 2407.03651',
} as const

/** The question behind samples whose tag `permutation` differs: the tag `item`, else the id without the permutation's number. */
function itemOf({ sample, tags, seed, length }: Result): string {
  const own = String(tags.permutation).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const item =
    tags.item ?? sample.replace(new RegExp(`[^\\p{L}\\p{N}]*(?:permutation|order|p)?[^\\p{L}\\p{N}]*${own}$`, 'iu'), '')
  return `${item}\u0001${seed}\u0001${length}`
}

/** Share of pairs with the same score; 1 for a single one. */
function same(values: readonly number[]): number {
  let [equal, pairs] = [0, 0]
  for (let one = 0; one < values.length; one++)
    for (let other = one + 1; other < values.length; other++) {
      pairs++
      if (values[one] === values[other]) equal++
    }
  return pairs === 0 ? 1 : equal / pairs
}

const deviation = (values: readonly number[]): number => {
  const middle = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
}

/** Results hold scores and no answers: answers that score the same count as equal. */
const analysis: Analysis = (results, known) => {
  const permuted = scored(results, known).filter(({ result }) => result.tags.permutation !== undefined)
  const rows = grouped(permuted, 'task', 'system', 'budget', 'reader').flatMap(({ labels, rows: own }) => {
    const items = [...Map.groupBy(own, ({ result }) => itemOf(result)).values()].filter((of) => of.length > 1)
    if (items.length === 0) return []
    const values = items.map((of) => of.map(({ value }) => value))
    const medoids = items.flatMap(
      (of: readonly Scored[]) =>
        of.map(({ result }) => result.scores.medoid).find((score) => score !== undefined) ?? [],
    )
    const majority = values.map((of) => (of.filter((value) => value >= 0.5).length * 2 > of.length ? 1 : 0))
    return [
      [
        ...labels,
        items.length,
        rounded(mean(values.map(({ length }) => length))),
        rounded(mean(values.map(same))),
        rounded(mean(values.map(deviation))),
        rounded(mean(values.map((of) => mean(of)))),
        rounded(mean(majority)),
        medoids.length === 0 ? '' : rounded(mean(medoids)),
      ],
    ]
  })
  if (rows.length === 0) return undefined
  return {
    title: 'The same question in other orders',
    columns: [
      'task',
      'system',
      'budget',
      'reader',
      'questions',
      'orders',
      'same',
      'deviation',
      'one order',
      'majority',
      'medoid',
    ],
    rows,
    note: '“same” is the share of pairs of orders whose answers score the same, “majority” the share of questions that most orders answer rightly.',
  }
}

export default analysis
