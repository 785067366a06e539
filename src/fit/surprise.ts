import type { LogProbabilities } from '../core/index.ts'
import { ngramModel } from '../model/index.ts'
import type { CompressContext, Unit } from './contract.ts'
import { groupsOf } from './shares.ts'

/** The model given, or a word model of the texts themselves. */
export const logProbabilitiesOf = (context: CompressContext, texts: readonly string[]): LogProbabilities =>
  context.logProbabilities ?? ngramModel(texts, { heldOut: true })

/** Natural units of information of each unit, summed over its tokens, and their number; a passage is scored as one text. */
export async function surprises(
  units: readonly Unit[],
  model: LogProbabilities,
  prefix: string,
  abortSignal?: AbortSignal,
): Promise<{ readonly nats: Float64Array; readonly tokens: Float64Array }> {
  const nats = new Float64Array(units.length)
  const tokens = new Float64Array(units.length)
  const sizes = units.map(({ text }) => text.length)
  for (const { members } of groupsOf(sizes, (unit) => units[unit]!.passage)) {
    abortSignal?.throwIfAborted()
    const text = members.map((unit) => units[unit]!.text).join('')
    const { ends, logProbabilities } = await model.score(text, prefix, abortSignal)
    let at = 0
    let end = sizes[members[0]!]!
    ends.forEach((stop, token) => {
      while (stop > end && at + 1 < members.length) end += sizes[members[++at]!]!
      nats[members[at]!]! -= logProbabilities[token]!
      tokens[members[at]!]!++
    })
  }
  return { nats, tokens }
}

/** Mean natural units of information per token of a text behind a prefix. */
export async function meanSurprise(
  text: string,
  prefix: string,
  model: LogProbabilities,
  abortSignal?: AbortSignal,
): Promise<number> {
  const { logProbabilities } = await model.score(text, prefix, abortSignal)
  return -logProbabilities.reduce((sum, value) => sum + value, 0) / Math.max(1, logProbabilities.length)
}
