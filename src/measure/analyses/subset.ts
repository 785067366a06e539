import type { Analysis, Result } from '../contract.ts'
import { compareChoice, representative } from '../representative.ts'
import { rounded, type Scored, sampleKey, scored } from '../scores.ts'

export const meta = {
  name: 'subset',
  summary:
    'A twentieth of the items that ranks the models as all of them do, tested on models that it was not chosen by.',
  paper: 'Huang et al. 2025, MiniLongBench, arXiv 2505.19959',
} as const

const share = 0.05
const [leastModels, leastItems, listed] = [6, 100, 40]
/** Steps that may be spent on halving the models in other ways. */
const effort = 1e9

const modelOf = ({ system, budget, reader }: Result): string => JSON.stringify([system, budget, reader])
const itemOf = (result: Result): string => `${result.task}\u0001${sampleKey(result)}`

/**
 * A model is a system with its budget and reader. The paper clusters items by what they ask and how models answer them;
 * ours follows the models' means, which kept their order better than clusters of answers did.
 */
const analysis: Analysis = (results, known) => {
  const byModel = new Map(
    [...Map.groupBy(scored(results, known), ({ result }) => modelOf(result))].map(([model, rows]) => [
      model,
      new Map(rows.map((row: Scored) => [itemOf(row.result), row])),
    ]),
  )
  const most = Math.max(0, ...[...byModel.values()].map(({ size }) => size))
  const models = [...byModel.values()].filter(({ size }) => size >= most / 2)
  const items = [...(models[0]?.keys() ?? [])].filter((item) => models.every((model) => model.has(item)))
  if (models.length < leastModels || items.length < leastItems) return undefined
  const responses = models.map((model) => Float64Array.from(items, (item) => model.get(item)!.value))
  const count = Math.max(2, Math.round(items.length * share))
  const splits = Math.max(10, Math.min(40, Math.floor(effort / (models.length * items.length * count))))
  const { chosen, random, difference } = compareChoice(responses, count, { splits })
  const names = representative(responses, count).map((item) => models[0]!.get(items[item]!)!.result.sample)
  const more = names.length > listed ? ` and ${names.length - listed} more` : ''
  return {
    title: `${count} of ${items.length} items for ${models.length} models`,
    columns: ['items', 'rank correlation', 'low', 'high'],
    rows: [
      ['chosen', rounded(chosen.mean), rounded(chosen.low), rounded(chosen.high)],
      ['random', rounded(random.mean), rounded(random.low), rounded(random.high)],
      ['chosen less random', rounded(difference.mean), rounded(difference.low), rounded(difference.high)],
    ],
    note: `Spearman’s correlation with the order by all items, over models that the items were not chosen by. Chosen by all models: ${names.slice(0, listed).join(', ')}${more}.`,
  }
}

export default analysis
