import type { Metric, MetricMeta } from '../contract.ts'
import { bare } from '../words.ts'

export const meta = {
  name: 'choice-accuracy',
  summary: 'One when the choice that was made, by its letter or its words, is right.',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

const letters = [
  /^\(?([A-Za-z])\)?[.:]?$/,
  /^\(([A-Z])\)/,
  /^([A-Z])[).:]/,
  /\b(?:answer|choice|option)\s+(?:is\s+)?\(?([A-Z])\b/,
]

/** The number of the choice made: its words and nothing else, its letter, or the only choice that was named. */
function chosen(said: string, choices: readonly string[]): number {
  const heard = said.trim()
  const same = choices.findIndex((choice) => bare(choice) === bare(heard))
  if (same !== -1) return same
  for (const pattern of letters) {
    const number = (pattern.exec(heard)?.[1]?.toUpperCase().charCodeAt(0) ?? 0) - 65
    if (number >= 0 && number < choices.length) return number
  }
  const words = ` ${bare(heard)} `
  const named = choices.flatMap((choice, index) => (words.includes(` ${bare(choice)} `) ? [index] : []))
  return named.length === 1 ? named[0]! : -1
}

const metric: Metric = ({ said, answers, choices }) => {
  if (said === undefined || !answers?.length || !choices?.length) return undefined
  const choice = choices[chosen(said, choices)]
  return choice !== undefined && answers.every((forms) => forms.includes(choice)) ? 1 : 0
}

export default metric
