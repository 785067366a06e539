import { isUnspaced, type Passage, type Ranker } from '../../core/index.ts'
import type { Searchable } from '../../store/index.ts'
import { rankerScores } from '../ranking.ts'
import { paragraph, type Reader } from '../reading.ts'
import type { Asked } from '../terms.ts'

export const usualRanking = {
  /**
   * Share of the order that the ranker has, 0 to 1; the rest is the score that a passage comes with. Where passages are longer than
   * a paragraph in the mean it falls with the square of that: rankers learn from paragraphs.
   */
  weight: 0.65,
  /** The same for a question in a script that sets no spaces between words: rankers learn mostly from scripts that do. */
  unspaced: 0.25,
  /** The same where what is found is code: rankers learn from prose. */
  code: 0.3,
  /** How many units of a ranker's score the best score that a passage comes with is worth. */
  span: 5,
  /** Passages that are ranked, from the best on. */
  depth: 200,
}

/** The best passages in an order between the one they come in and a ranker's; the others stay behind them. */
export async function addRanking(
  store: Searchable,
  reader: Reader,
  ranker: Ranker,
  { query, ofCode }: Asked,
  found: readonly Passage[],
  options: typeof usualRanking,
): Promise<Passage[]> {
  const { span, depth } = options
  const [ranked, rest] = [found.slice(0, depth), found.slice(depth)]
  const best = ranked[0]?.score ?? 0
  if (ranked.length < 2 || best <= 0) return [...found]
  let length = 0
  for (const passage of ranked) length += (await reader(passage, query.abortSignal)).text.length / ranked.length
  const share = ofCode ? options.code : options.weight
  const weight = isUnspaced(query.text) ? options.unspaced : share * Math.min(1, paragraph / length) ** 2
  const scores = await rankerScores(store, reader, ranker, query, ranked)
  const most = scores.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY)
  const values = ranked.map(
    ({ score }, index) => (1 - weight) * span * (score / best) + weight * (scores[index]! - most),
  )
  const order = ranked.map((_, index) => index).sort((one, other) => values[other]! - values[one]! || one - other)
  // Each takes the score of its new place, so that scores keep the scale that those who read them know.
  return [
    ...order.map(
      (index, place): Passage => ({
        ...ranked[index]!,
        score: ranked[place]!.score,
        trail: [...ranked[index]!.trail, 'ranker'],
      }),
    ),
    ...rest,
  ]
}
