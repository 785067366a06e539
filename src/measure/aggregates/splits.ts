import type { Tag } from '../contract.ts'
import type { Estimate } from '../stats.ts'
import { type SampleRow, within } from './gather.ts'
import type { Rows } from './standings.ts'

/** The main score of a system over the samples of a task that share a tag. */
export interface Split {
  readonly task: string
  readonly tag: string
  readonly value: string
  /** Place of the value among those of its tag. */
  readonly order: number
  /** Given for `depth` alone, which is drawn over lengths. */
  readonly length?: number
  readonly system: string
  readonly budget: string
  readonly reader: string
  readonly estimate: Estimate
}

const mostValues = 12
const others = 'others'

/** Splits by every tag of a task that has more than one value; numbers of many values are cut into ranges. */
export function splitsOf(rows: Rows): Split[] {
  const { gathered, groups, groupOf, main, interval } = rows
  const byTask = Map.groupBy(gathered.samples, ({ task }) => task)
  const classes = new Map([...byTask].map(([task, samples]) => [task, classesOf(samples)]))
  const lists = new Map<string, { split: Omit<Split, 'estimate'>; values: number[] }>()
  for (const [row, sample] of gathered.sampleOf.entries()) {
    const value = main[row]!
    if (Number.isNaN(value)) continue
    const number = groupOf(row)
    const { task, length, system, budget, reader } = groups[number]!
    const { tags } = gathered.samples[sample]!
    for (const [tag, classOf] of classes.get(task)!) {
      if (tags[tag] === undefined) continue
      const { label, order } = classOf(tags[tag])
      const place = { task, tag, ...(tag === 'depth' ? { length } : {}), system, budget, reader }
      within(lists, JSON.stringify([order, place]), () => ({
        split: { ...place, value: label, order },
        values: [],
      })).values.push(value)
    }
  }
  return [...lists.values()].map(({ split, values }) => ({ ...split, estimate: interval.of(values) }))
}

type ClassOf = (value: Tag) => { readonly label: string; readonly order: number }

function classesOf(samples: readonly SampleRow[]): Map<string, ClassOf> {
  const counts = new Map<string, Map<Tag, number>>()
  for (const { tags } of samples)
    for (const [tag, value] of Object.entries(tags)) {
      const known = within(counts, tag, () => new Map<Tag, number>())
      known.set(value, (known.get(value) ?? 0) + 1)
    }
  const found = new Map<string, ClassOf>()
  for (const [tag, values] of counts) {
    if (values.size < 2 || tag === 'length') continue
    const numbers = [...values.keys()].filter((value) => typeof value === 'number')
    if (numbers.length < values.size) found.set(tag, named(values))
    else if (tag === 'depth' && numbers.every((value) => value >= 0 && value <= 100)) found.set(tag, tenths(numbers))
    else found.set(tag, numbers.length <= mostValues ? named(values) : ranges(numbers))
  }
  return found
}

/** Each value by its name, numbers in order; of very many the most frequent, and the others together. */
function named(values: ReadonlyMap<Tag, number>): ClassOf {
  const frequent = [...values].sort((one, other) => other[1] - one[1])
  const kept = frequent.slice(0, values.size > mostValues ? mostValues - 1 : mostValues).map(([value]) => value)
  kept.sort((one, other) =>
    typeof one === 'number' && typeof other === 'number' ? one - other : String(one) < String(other) ? -1 : 1,
  )
  const orders = new Map(kept.map((value, order) => [value, order]))
  return (value) => {
    const order = orders.get(value)
    return order === undefined ? { label: others, order: kept.length } : { label: String(value), order }
  }
}

/** Depths as shares or as percents, in tenths. */
function tenths(numbers: readonly number[]): ClassOf {
  const scale = Math.max(...numbers) > 1 ? 100 : 1
  return (value) => {
    const order = Math.min(9, Math.floor((Number(value) / scale) * 10 + 1e-9))
    return { label: `${order * 10}–${order * 10 + 10}%`, order }
  }
}

/** Ranges that hold about as many of the values each. */
function ranges(numbers: readonly number[]): ClassOf {
  const sorted = [...numbers].sort((one, other) => one - other)
  const parts = 8
  const starts = Array.from({ length: parts }, (_, part) => sorted[Math.floor((part * sorted.length) / parts)]!)
  const short = (value: number): string => String(Math.round(value * 1000) / 1000)
  return (value) => {
    let order = 0
    while (order + 1 < parts && Number(value) >= starts[order + 1]!) order++
    const last = order + 1 === parts ? sorted.at(-1)! : starts[order + 1]!
    return { label: `${short(starts[order]!)}–${short(last)}`, order }
  }
}
