import type { Catalogued, Loss, Origin, Result, Tags } from '../contract.ts'
import { mainScores } from '../scores.ts'

/** What results share that are counted together, with sums over them. */
export interface Slot {
  readonly run: string
  readonly task: string
  readonly cell: string
  readonly length: number
  readonly system: string
  readonly budget: string
  readonly reader: string
  readonly seed: number
  origin: Origin
  results: number
  failures: number
  ledger?: { evidence: number; used: number; readonly lost: Partial<Record<Loss, number>> }
  readonly spent: Spent
}
/** Sums over results; `priced` counts those whose price is known. */
export interface Spent {
  pack: number
  whole: number
  calls: number
  input: number
  output: number
  dollars: number
  priced: number
  milliseconds: number
}
export interface SampleRow {
  readonly task: string
  readonly cell: string
  readonly seed: number
  readonly tags: Tags
  readonly unresolved: number
}
/** What a result says of a view that is to be shown. */
export type Detail = Pick<Result, 'reader' | 'origin' | 'length' | 'seed' | 'sample' | 'ledger' | 'failure'>

/** Results as columns of numbers; of the results themselves nothing is held but the tags of each sample. */
export interface Gathered {
  readonly slots: readonly Slot[]
  /** By row: its slot, its sample, and whether it failed and counts as 0. */
  readonly slotOf: readonly number[]
  readonly sampleOf: readonly number[]
  readonly failed: readonly boolean[]
  /** By name: rows that have the score, and their values. */
  readonly scores: ReadonlyMap<string, { readonly rows: readonly number[]; readonly values: readonly number[] }>
  readonly samples: readonly SampleRow[]
  /** By `scopeOf`: names of scores in the order in which they came, with how many results have them. */
  readonly named: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** By `scopeOf`: for how many results a score is the main one. */
  readonly mains: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly runs: readonly string[]
  readonly failures: readonly Failures[]
  readonly details: ReadonlyMap<string, Detail>
}
export interface Failures {
  readonly code: string
  /** The first of them. */
  readonly message: string
  count: number
  readonly systems: Set<string>
}

/** Results whose main score is the same one: of a task, read or not, or ranked alone. */
export const scopeOf = ({ task, reader, budget }: Pick<Slot, 'task' | 'reader' | 'budget'>): string =>
  JSON.stringify([task, reader !== 'none', budget === 'none'])

/** A failure counts as 0, but not where no reader was asked. */
const counts = ({ failure, reader }: Result): boolean => failure !== undefined && reader !== 'none'

export async function gather(
  results: AsyncIterable<Result> | Iterable<Result>,
  wanted: ReadonlySet<string>,
  known?: Catalogued,
): Promise<Gathered> {
  const slots: Slot[] = []
  const slotNumbers = new Map<string, number>()
  const samples: SampleRow[] = []
  const sampleNumbers = new Map<string, number>()
  const slotOf: number[] = []
  const sampleOf: number[] = []
  const failed: boolean[] = []
  const scores = new Map<string, { rows: number[]; values: number[] }>()
  const named = new Map<string, Map<string, number>>()
  const mains = new Map<string, Map<string, number>>()
  const mainOf = mainScores(known)
  const runs = new Set<string>()
  const failures = new Map<string, Failures>()
  const details = new Map<string, Detail>()

  for await (const result of results) {
    const { cell, length, system, budget, reader, seed, run, sample } = result
    const task = withoutDepth(result.task)
    const row = slotOf.length
    const place = JSON.stringify([task, cell, length, system, budget, reader, seed, run])
    const number = numberOf(slotNumbers, place)
    const slot = (slots[number] ??= empty(result, task))
    add(slot, result)
    const which = numberOf(sampleNumbers, JSON.stringify([result.task, length, seed, cell, sample]))
    samples[which] ??= { task, cell, seed, tags: result.tags, unresolved: result.unresolved ?? 0 }
    slotOf.push(number)
    sampleOf.push(which)
    failed.push(counts(result))
    runs.add(run)
    const scope = scopeOf({ task, reader, budget })
    const names = within(named, scope, () => new Map<string, number>())
    const main = result.failure === undefined ? mainOf(result) : undefined
    if (main)
      count(
        within(mains, scope, () => new Map<string, number>()),
        main.name,
      )
    for (const name in result.scores) {
      const value = result.scores[name]!
      if (!Number.isFinite(value)) continue
      const column = within(scores, name, () => ({ rows: [], values: [] }))
      column.rows.push(row)
      column.values.push(value)
      count(names, name)
    }
    if (result.failure !== undefined) note(failures, result.failure, system)
    if (wanted.has(result.key)) {
      const { origin, ledger, failure } = result
      const more = { ...(ledger ? { ledger } : {}), ...(failure === undefined ? {} : { failure }) }
      details.set(result.key, { reader, origin, length, seed, sample, ...more })
    }
  }
  const failureList = [...failures.values()].sort((one, other) => other.count - one.count)
  return {
    slots,
    slotOf,
    sampleOf,
    failed,
    scores,
    samples,
    named,
    mains,
    runs: [...runs],
    failures: failureList,
    details,
  }
}

/** A grid of depths is one task: the depth stands in the tags of its samples. */
const withoutDepth = (label: string): string =>
  label.replace(/\((.*)\)$/, (_, options: string) => {
    const others = options.split(', ').filter((option) => !option.startsWith('depth='))
    return others.length === 0 ? '' : `(${others.join(', ')})`
  })

const count = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1)

function numberOf(numbers: Map<string, number>, key: string): number {
  let number = numbers.get(key)
  if (number === undefined) numbers.set(key, (number = numbers.size))
  return number
}

export function within<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}

const empty = ({ run, cell, length, system, budget, reader, seed, origin }: Result, task: string): Slot => ({
  run,
  task,
  cell,
  length,
  system,
  budget,
  reader,
  seed,
  origin,
  results: 0,
  failures: 0,
  spent: { pack: 0, whole: 0, calls: 0, input: 0, output: 0, dollars: 0, priced: 0, milliseconds: 0 },
})

/** The less of a model there is in it, the louder the label: of several origins the first of these is told. */
const origins: readonly Origin[] = ['simulated', 'scripted', 'replayed', 'model', 'computed']

export const louder = (one: Origin, other: Origin): Origin =>
  origins.indexOf(one) <= origins.indexOf(other) ? one : other

function add(slot: Slot, { ledger, usage, tokens, failure, milliseconds, origin }: Result): void {
  slot.results++
  if (failure !== undefined) slot.failures++
  slot.origin = louder(slot.origin, origin)
  if (ledger) {
    const sums = (slot.ledger ??= { evidence: 0, used: 0, lost: {} })
    sums.evidence += ledger.evidence
    sums.used += ledger.used
    for (const [loss, count] of Object.entries(ledger.lost) as [Loss, number][])
      sums.lost[loss] = (sums.lost[loss] ?? 0) + count
  }
  const { spent } = slot
  spent.pack += tokens.pack
  spent.whole += tokens.whole
  spent.milliseconds += milliseconds
  if (!usage) return
  spent.calls += usage.calls
  spent.input += usage.inputTokens.total
  spent.output += usage.outputTokens
  if (usage.cost === undefined) return
  spent.dollars += usage.cost
  spent.priced++
}

/** Failures of one kind differ in names and numbers; the code before the colon is what they share. */
function note(failures: Map<string, Failures>, failure: string, system: string): void {
  const [, code = 'fault', message = failure] = /^([\w-]{1,60}): ([\s\S]*)$/.exec(failure) ?? []
  const known = within(failures, code, () => ({ code, message: message.slice(0, 400), count: 0, systems: new Set() }))
  known.count++
  known.systems.add(system)
}
