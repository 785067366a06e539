import { drawn, seededRandom, shuffled } from './random.ts'
import { bootstrap, type Estimate, mean, spearman } from './stats.ts'

/** Scores of models (rows) on items (columns). */
export type Responses = readonly ArrayLike<number>[]

/** Variance that chance adds to one answer, as that of a coin: what keeps a few models from being followed by accident. */
const chance = 0.25

/**
 * Items whose sum orders the models as all items do: taken one by one, each time the one that makes the sum follow the models'
 * means best, with the chance in single answers counted as noise.
 */
export function representative(responses: Responses, count: number): number[] {
  const models = responses.length
  const items = responses[0]?.length ?? 0
  const means = responses.map(mean)
  const middle = mean(means)
  const wanted = Float64Array.from(means, (value) => value - middle)
  // Items that all models answer alike are as good as each other: one stands for them, the next takes its place.
  const alike = new Map<string, { readonly centred: Float64Array; readonly left: number[] }>()
  for (let item = items - 1; item >= 0; item--) {
    const values = Float64Array.from(responses, (row) => row[item]!)
    const key = values.join(' ')
    const known = alike.get(key)
    if (known) known.left.push(item)
    else alike.set(key, { centred: values.map((value, _, all) => value - mean(all)), left: [item] })
  }
  const groups = [...alike.values()]
  const taken: number[] = []
  const sum = new Float64Array(models)
  while (taken.length < Math.min(count, items)) {
    const noise = (taken.length + 1) * chance * models
    let best: (typeof groups)[number] | undefined
    let highest = Number.NEGATIVE_INFINITY
    for (const group of groups) {
      if (group.left.length === 0) continue
      let [along, spread] = [0, 0]
      for (let model = 0; model < models; model++) {
        const value = sum[model]! + group.centred[model]!
        along += value * wanted[model]!
        spread += value * value
      }
      const follows = along / Math.sqrt(spread + noise)
      if (follows > highest) [best, highest] = [group, follows]
    }
    taken.push(best!.left.pop()!)
    for (let model = 0; model < models; model++) sum[model]! += best!.centred[model]!
  }
  return taken
}

const orderKept = (responses: Responses, items: readonly number[]): number =>
  spearman(
    responses.map(mean),
    responses.map((row) => mean(items.map((item) => row[item]!))),
  )

export interface Comparison {
  readonly chosen: Estimate
  readonly random: Estimate
  readonly difference: Estimate
}

/**
 * Rank correlation of models by the chosen items with models by all items, beside the same for items drawn at random. Items are
 * chosen by one half of the models and tested on the other, over many ways to halve them; the halves share models, so that
 * the interval over them is somewhat narrow.
 */
export function compareChoice(
  responses: Responses,
  count: number,
  { splits = 40, draws = 20, seed = 1 } = {},
): Comparison {
  const random = seededRandom(seed)
  const items = Array.from({ length: responses[0]?.length ?? 0 }, (_, item) => item)
  const [chosen, chance]: [number[], number[]] = [[], []]
  for (let split = 0; split < splits; split++) {
    const order = shuffled([...responses.keys()], random)
    const half = order.length >> 1
    const known = order.slice(0, half).map((model) => responses[model]!)
    const held = order.slice(half).map((model) => responses[model]!)
    chosen.push(orderKept(held, representative(known, count)))
    chance.push(mean(Array.from({ length: draws }, () => orderKept(held, drawn(items, count, random)))))
  }
  return {
    chosen: bootstrap(chosen, seed),
    random: bootstrap(chance, seed),
    difference: bootstrap(
      chosen.map((value, at) => value - chance[at]!),
      seed,
    ),
  }
}
