import type { LogProbabilities } from '../core/index.ts'
import { ngramModel } from '../model/index.ts'
import type { CompressContext, Unit } from './contract.ts'
import { groupsOf } from './shares.ts'

/** The model given, or a word model of the texts themselves. */
export const logProbabilitiesOf = (context: CompressContext, texts: readonly string[]): LogProbabilities =>
  context.logProbabilities ?? ngramModel(texts, { heldOut: true })

/** Calls back for each token with its unit and its log-probability behind the prefix; a passage is scored as one text. */
async function eachToken(
  units: readonly Unit[],
  model: LogProbabilities,
  prefix: string,
  abortSignal: AbortSignal | undefined,
  emit: (unit: number, logProbability: number) => void,
): Promise<void> {
  const sizes = units.map(({ text }) => text.length)
  for (const { members } of groupsOf(sizes, (unit) => units[unit]!.passage)) {
    abortSignal?.throwIfAborted()
    const text = members.map((unit) => units[unit]!.text).join('')
    const { ends, logProbabilities } = await model.score(text, prefix, abortSignal)
    let at = 0
    let end = sizes[members[0]!]!
    for (let token = 0; token < ends.length; token++) {
      while (ends[token]! > end && at + 1 < members.length) end += sizes[members[++at]!]!
      emit(members[at]!, logProbabilities[token]!)
    }
  }
}

/** Natural units of information of each unit, summed over its tokens, and their number. */
export async function surprises(
  units: readonly Unit[],
  model: LogProbabilities,
  prefix: string,
  abortSignal?: AbortSignal,
): Promise<{ readonly nats: Float64Array; readonly tokens: Float64Array }> {
  const nats = new Float64Array(units.length)
  const tokens = new Float64Array(units.length)
  await eachToken(units, model, prefix, abortSignal, (unit, logProbability) => {
    nats[unit]! -= logProbability
    tokens[unit]!++
  })
  return { nats, tokens }
}

/** By how much the prefix makes a unit's tokens likelier, those that it makes less likely left out; per token, short units held back. */
export async function contrasts(
  units: readonly Unit[],
  model: LogProbabilities,
  prefix: string,
  abortSignal?: AbortSignal,
): Promise<Float64Array> {
  const plain: number[] = []
  await eachToken(units, model, '', abortSignal, (_, logProbability) => void plain.push(logProbability))
  const gain = new Float64Array(units.length)
  const tokens = new Float64Array(units.length)
  let at = 0
  await eachToken(units, model, prefix, abortSignal, (unit, logProbability) => {
    gain[unit]! += Math.max(0, logProbability - plain[at++]!)
    tokens[unit]!++
  })
  return gain.map((sum, unit) => sum / (16 + tokens[unit]!))
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
