import type { Origin, ReportInput } from '../contract.ts'
import { alwaysDrawn } from '../lines.ts'
import { type Failures, type Gathered, louder, type Spent, within } from './gather.ts'
import { type Group, spentOf } from './group.ts'

/** What a report says of a run before it says who is better. */
export interface Facts {
  readonly runs: readonly { readonly name: string; readonly spec?: string }[]
  /** Empty where no spec says it. */
  readonly tokenizers: readonly string[]
  readonly results: number
  readonly samples: number
  readonly failed: number
  readonly failures: readonly Failures[]
  /** Published evidence that stands nowhere in the corpus; each sample is counted once. */
  readonly unresolved: readonly { task: string; cell: string; pieces: number; samples: number }[]
  readonly tasks: readonly TaskFacts[]
  readonly lengths: readonly number[]
  readonly systems: readonly SystemFacts[]
  /** Those that hand on least first. */
  readonly budgets: readonly string[]
  readonly readers: readonly { readonly name: string; readonly origin: Origin }[]
  readonly seeds: readonly number[]
  readonly spent: Readonly<Spent>
}
export interface TaskFacts {
  readonly name: string
  readonly cells: readonly string[]
  /** Main scores, of which a task has several where readers or budgets differ in what can be scored. */
  readonly mains: readonly string[]
}
export interface SystemFacts {
  readonly name: string
  /** A line that shows what a figure is worth. */
  readonly reference: boolean
}

const byName = new Intl.Collator('en', { numeric: true }).compare
const unique = <Value>(values: Iterable<Value>): Value[] => [...new Set(values)]

export const isReference = (system: string): boolean =>
  (alwaysDrawn as readonly string[]).includes(system.replace(/ \[.*\]$/, ''))

export function factsOf(input: ReportInput, gathered: Gathered, groups: readonly Group[]): Facts {
  const { slots, samples, runs, failures } = gathered
  const specs = new Map(input.runs?.map(({ name, spec }) => [name, spec]))
  const cells = new Map<string, Set<string>>()
  const mains = new Map<string, Set<string>>()
  const readers = new Map<string, Origin>()
  const handed = new Map<string, { results: number; pack: number }>()
  for (const { task, cell, main, reader, origin, budget, spent, results } of groups) {
    within(cells, task, () => new Set()).add(cell)
    within(mains, task, () => new Set()).add(main)
    readers.set(reader, louder(readers.get(reader) ?? origin, origin))
    const sums = within(handed, budget, () => ({ results: 0, pack: 0 }))
    sums.results += results
    sums.pack += spent.pack
  }
  const unresolved = new Map<string, { task: string; cell: string; pieces: number; samples: number }>()
  for (const { task, cell, unresolved: pieces } of samples) {
    if (pieces === 0) continue
    const known = within(unresolved, JSON.stringify([task, cell]), () => ({ task, cell, pieces: 0, samples: 0 }))
    known.pieces += pieces
    known.samples++
  }
  const perResult = (budget: string): number => handed.get(budget)!.pack / handed.get(budget)!.results
  const systems = unique(groups.map(({ system }) => system)).map((name) => ({ name, reference: isReference(name) }))
  const tokenizers = [...specs.values()].flatMap(tokenizerOf)
  return {
    runs: runs.map((name) => ({ name, ...(specs.has(name) ? { spec: specs.get(name)! } : {}) })),
    tokenizers: unique(tokenizers),
    results: gathered.slotOf.length,
    samples: samples.length,
    failed: failures.reduce((sum, { count }) => sum + count, 0),
    failures,
    unresolved: [...unresolved.values()],
    tasks: [...cells]
      .map(([name, list]) => ({ name, cells: [...list].sort(byName), mains: [...mains.get(name)!].sort(byName) }))
      .sort((one, other) => byName(one.name, other.name)),
    lengths: unique(groups.map(({ length }) => length)).sort((one, other) => one - other),
    systems: systems.sort(
      (one, other) => Number(one.reference) - Number(other.reference) || byName(one.name, other.name),
    ),
    budgets: [...handed.keys()].sort((one, other) => perResult(one) - perResult(other) || byName(one, other)),
    readers: [...readers]
      .map(([name, origin]) => ({ name, origin }))
      .sort(
        (one, other) => Number(other.name === 'none') - Number(one.name === 'none') || byName(one.name, other.name),
      ),
    seeds: unique(slots.map(({ seed }) => seed)).sort((one, other) => one - other),
    spent: spentOf(slots),
  }
}

/** The tokenizer that a spec names, or the one that it then means. */
function tokenizerOf(spec: string): string[] {
  try {
    const { tokenizer = 'o200k_base' } = JSON.parse(spec) as { tokenizer?: string }
    return [tokenizer]
  } catch {
    return []
  }
}
