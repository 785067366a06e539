import type { Analysis, Result } from '../contract.ts'
import { grouped, rounded, sampleKey } from '../scores.ts'
import { estimate } from '../stats.ts'

export const meta = {
  name: 'information',
  summary: 'How much of the text each task needs: near one where all of it must be read, near zero for a needle.',
  paper: 'Lee et al. 2024, ETHIC, arXiv 2410.16848',
} as const

const score = 'information-coverage'

/** By the score of that name, else by what the oracle hands on of the whole, where its budget holds all evidence. */
function shareOf({ scores, system, tokens, ledger }: Result): number | undefined {
  if (scores[score] !== undefined) return scores[score]
  const whole =
    system === 'oracle' && ledger !== undefined && Object.keys(ledger.lost).every((loss) => loss === 'unused')
  return whole && tokens.whole > 0 && tokens.pack > 0 ? Math.min(1, tokens.pack / tokens.whole) : undefined
}

const analysis: Analysis = (results) => {
  const telling = results.flatMap((result) => {
    const value = shareOf(result)
    return value === undefined ? [] : [{ result, value, measured: result.scores[score] !== undefined }]
  })
  const rows = grouped(telling, 'task', 'length').map(({ labels, rows: own }) => {
    const measured = own.filter((row) => row.measured)
    const used = measured.length > 0 ? measured : own
    const bySample = new Map(used.map(({ result, value }) => [sampleKey(result), value]))
    const { mean, low, high, count } = estimate([...bySample.values()])
    return [...labels, rounded(mean), rounded(low), rounded(high), measured.length > 0 ? score : 'oracle', count]
  })
  if (rows.length === 0) return undefined
  return {
    title: 'How much must be read',
    columns: ['task', 'length', 'coverage', 'low', 'high', 'by', 'samples'],
    rows: rows.sort((one, other) => Number(other[2]) - Number(one[2])),
    note: 'The share of the text that holds evidence, over samples.',
  }
}

export default analysis
