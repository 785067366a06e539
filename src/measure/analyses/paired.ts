import type { Analysis } from '../contract.ts'
import { grouped, rounded, sampleKey, scored } from '../scores.ts'
import { holm, mean, paired } from '../stats.ts'

export const meta = {
  name: 'paired',
  summary:
    'Every system against plain BM25 on the same samples: difference, interval, and p by permutation with Holm’s correction.',
  paper: 'Holm 1979, A Simple Sequentially Rejective Multiple Test Procedure',
} as const

const base = 'bm25-passages'

const analysis: Analysis = (results, known) => {
  const compared = grouped(scored(results, known), 'task', 'length', 'budget', 'reader').flatMap(({ labels, rows }) => {
    const bySystem = Map.groupBy(rows, ({ result }) => result.system)
    const plain = new Map((bySystem.get(base) ?? []).map(({ result, value }) => [sampleKey(result), value]))
    return [...bySystem].flatMap(([system, own]) => {
      const pairs = own.flatMap(({ result, value }) => {
        const other = plain.get(sampleKey(result))
        return other === undefined ? [] : [[value, other] as const]
      })
      if (system === base || pairs.length < 2) return []
      const [ours, theirs] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)]
      return [{ labels, system, score: rows[0]!.name, ours, theirs, test: paired(ours, theirs) }]
    })
  })
  if (compared.length === 0) return undefined
  const corrected = holm(compared.map(({ test }) => test.p))
  return {
    title: `Systems against ${base}`,
    columns: [
      'task',
      'length',
      'budget',
      'reader',
      'system',
      'score',
      'mean',
      base,
      'difference',
      'low',
      'high',
      'p',
      'p (Holm)',
      'samples',
    ],
    rows: compared.map(({ labels, system, score, ours, theirs, test }, at) => [
      ...labels,
      system,
      score,
      rounded(mean(ours)),
      rounded(mean(theirs)),
      rounded(test.mean),
      rounded(test.low),
      rounded(test.high),
      rounded(test.p),
      rounded(corrected[at]!),
      test.count,
    ]),
    note: 'Intervals are of 95%; the correction holds over all rows of this table.',
  }
}

export default analysis
