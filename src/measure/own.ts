import type { Result } from './contract.ts'
import { samplesAlike } from './samples.ts'
import type { Spec, SystemEntry } from './spec.ts'
import { type Estimate, estimate, paired } from './stats.ts'

const compressors = { whole: 'whole passages', evidence: 'best sentences' } as const
const ownBudgets = [250, 500, 1000, 2000, 4000, 8000]

/** What is tried on a folder of the user's own: settings that `fovea ask` takes. */
export function ownSpec(folder: string, samples = 60): Spec {
  const systems = Object.entries(compressors).map(
    ([compressor, label]): SystemEntry => ({ system: 'pipeline', compressor, limit: 50, label }),
  )
  return {
    name: `own ${folder}`,
    tasks: [{ dataset: 'own-folder', data: folder, samples }],
    systems,
    budgets: ownBudgets,
    views: 1,
  }
}

export interface Recommendation {
  /** In plain words, for whoever asked. */
  readonly text: string
  readonly system: string
  readonly budget: string
  readonly kept: Estimate
  /** Every setting that was tried, and the lines that show what it is worth. */
  readonly rows: readonly Setting[]
}

export interface Setting {
  readonly system: string
  readonly budget: string
  readonly kept: Estimate
}

const percent = (share: number): string => `${Math.round(100 * share)}%`

/**
 * The setting that costs least among those that cannot be told apart from the best: by the share of answers that stand in
 * what is handed on, compared on the same questions.
 */
export function recommend(results: readonly Result[]): Recommendation | undefined {
  const usable = results.filter(({ scores }) => scores['answer-kept'] !== undefined)
  const settings = Map.groupBy(usable, ({ system, budget }) => `${system}|${budget}`)
  const labels: readonly string[] = Object.values(compressors)
  const own = [...settings.keys()].filter((name) => labels.includes(name.slice(0, name.indexOf('|'))))
  if (own.length === 0) return undefined
  const keptOf = (name: string): Estimate => estimate(settings.get(name)!.map(({ scores }) => scores['answer-kept']!))
  const settingOf = (name: string): Setting => {
    const [system = '', budget = ''] = name.split('|')
    return { system, budget, kept: keptOf(name) }
  }
  const spent = (name: string): number => {
    const rows = settings.get(name)!
    return rows.reduce((sum, { tokens }) => sum + tokens.pack, 0) / rows.length
  }
  const best = own.toSorted((one, other) => keptOf(other).mean - keptOf(one).mean || spent(one) - spent(other))[0]!
  const compared = own.map((name) => {
    const [one, other] = samplesAlike(settings.get(best)!, settings.get(name)!, 'answer-kept')
    return { name, ...settingOf(name), apart: paired(one, other) }
  })
  const equal = compared.filter(({ apart }) => apart.low <= 0.005)
  const chosen = equal.toSorted(
    (one, other) => Number(one.budget) - Number(other.budget) || other.kept.mean - one.kept.mean,
  )[0]!
  const whole = usable[0]!.tokens.whole
  const head = settings.get(`head|${chosen.budget}`)
  const compressor = chosen.system === compressors.evidence ? 'evidence' : 'whole'
  const questions = settings.get(best)!.length
  const lines = [
    `From your files ${questions} questions were made whose answers are known: gaps in sentences, and needles hidden in the text.`,
    `Recommended: ${chosen.budget} tokens of evidence, as ${chosen.system} (--token-budget ${chosen.budget} --compressor ${compressor}).`,
    `With it the answer stands in what is handed on for ${percent(chosen.kept.mean)} of them (between ${percent(chosen.kept.low)} and ${percent(chosen.kept.high)}), out of ${whole.toLocaleString('en')} tokens in all.`,
  ]
  if (chosen.name !== best) {
    const top = compared.find(({ name }) => name === best)!
    lines.push(
      `The highest score, ${percent(top.kept.mean)} with ${top.budget} tokens (${top.system}), cannot be told apart from it on these questions.`,
    )
  }
  if (head) {
    const kept = estimate(head.map(({ scores }) => scores['answer-kept']!))
    lines.push(`The first ${chosen.budget} tokens alone would hold ${percent(kept.mean)}.`)
  }
  if (whole <= Number(chosen.budget) * 2)
    lines.push(
      'Your files are so small that a model could be given all of them; fovea does that by itself where they fit.',
    )
  return {
    text: lines.join('\n'),
    system: chosen.system,
    budget: chosen.budget,
    kept: chosen.kept,
    rows: [...settings.keys()].map(settingOf),
  }
}
