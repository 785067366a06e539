import { estimates } from './aggregates/estimates.ts'
import { type Facts, factsOf, isReference } from './aggregates/facts.ts'
import { type Detail, gather, type Slot, scopeOf, within } from './aggregates/gather.ts'
import { type Group, groupOf } from './aggregates/group.ts'
import { mainsOf } from './aggregates/mains.ts'
import { mainValues, scoresBy } from './aggregates/scores.ts'
import { type Split, splitsOf } from './aggregates/splits.ts'
import { type Standing, standingsOf } from './aggregates/standings.ts'
import type { ReportInput, Result, Table } from './contract.ts'

export type { Facts } from './aggregates/facts.ts'
export type { Detail } from './aggregates/gather.ts'
export { type Group, ledgerOf } from './aggregates/group.ts'
export type { Split } from './aggregates/splits.ts'
export { type Difference, overCells, type Standing } from './aggregates/standings.ts'

/** All that reports are made of. */
export interface Summary {
  readonly title: string
  readonly facts: Facts
  readonly groups: readonly Group[]
  /** The same of each seed, where there are several and they are asked for. */
  readonly bySeed: readonly Group[]
  readonly standings: readonly Standing[]
  readonly splits: readonly Split[]
  readonly analyses: readonly { readonly name: string; readonly table: Table }[]
  /** What results say of views, by key. */
  readonly details: ReadonlyMap<string, Detail>
}
export interface AggregateOptions {
  /** Keys of results of which a view is to be shown. */
  readonly keys?: ReadonlySet<string>
  /** Of each seed alone, all scores or the main one. */
  readonly bySeed?: 'main' | 'all'
  /** Default true. */
  readonly analyses?: boolean
}

/**
 * Sums up results in one walk. Of each are kept its numbers, as columns, and of each sample its tags; results are held whole
 * only for analyses, which look at all of them together.
 */
export async function aggregate(input: ReportInput, options: AggregateOptions = {}): Promise<Summary> {
  const analyse = options.analyses === false ? undefined : input.analyse
  const whole: Result[] = []
  const results = analyse === undefined ? input.results() : keeping(input.results(), whole)
  const told = await gather(results, options.keys ?? new Set(), input.known)
  const gathered = { ...told, slots: readersAsSystems(told.slots) }
  const { slots, slotOf } = gathered
  const several = gathered.runs.length > 1
  const systemOf = ({ system, run }: Slot): string => (several ? `${system} [${run}]` : system)
  const mains = mainsOf(gathered, input.known)
  const mainOf = (slot: Slot): string => mains.of.get(scopeOf(slot))!
  const interval = estimates()

  const members = new Map<string, Slot[]>()
  const places = slots.map((slot) => {
    const { task, cell, length, budget, reader } = slot
    const place = JSON.stringify([task, cell, length, systemOf(slot), budget, reader])
    within(members, place, () => [] as Slot[]).push(slot)
    return place
  })
  const numbers = new Map([...members.keys()].map((place, number) => [place, number]))
  const groupNumbers = places.map((place) => numbers.get(place)!)
  const groupOfRow = (row: number): number => groupNumbers[slotOf[row]!]!

  const scores = scoresBy(gathered, groupOfRow, members.size, mains, interval)
  const groups = [...members.values()].map((parts, number) =>
    groupOf(parts, systemOf(parts[0]!), mainOf(parts[0]!), scores[number]!),
  )
  const facts = factsOf(input, gathered, groups)
  let bySeed: Group[] = []
  if (options.bySeed && facts.seeds.length > 1) {
    const own = scoresBy(gathered, (row) => slotOf[row]!, slots.length, mains, interval, options.bySeed)
    bySeed = slots.map((slot, number) => groupOf([slot], systemOf(slot), mainOf(slot), own[number]!, slot.seed))
  }
  const rows = { gathered, groups, groupOf: groupOfRow, main: mainValues(gathered, mains), interval }
  return {
    title: input.title,
    facts,
    groups,
    bySeed,
    standings: standingsOf(rows, isReference),
    splits: splitsOf(rows),
    analyses: (await analyse?.(whole)) ?? [],
    details: gathered.details,
  }
}

/** Passes results on and keeps them, words that repeat held once. */
async function* keeping(
  results: AsyncIterable<Result> | Iterable<Result>,
  whole: Result[],
): AsyncGenerator<Result, void, void> {
  const words = new Map<string, string>()
  const word = (text: string): string => within(words, text, () => text)
  for await (const result of results) {
    const { run, task, cell, system, budget, reader } = result
    whole.push({
      ...result,
      run: word(run),
      task: word(task),
      cell: word(cell),
      system: word(system),
      budget: word(budget),
      reader: word(reader),
    })
    yield result
  }
}

/** Where one system is read by several readers, these are what is compared. */
function readersAsSystems(slots: readonly Slot[]): readonly Slot[] {
  const count = (of: (slot: Slot) => string): number => new Set(slots.map(of)).size
  const compared = count(({ reader }) => reader) > 1 && count(({ origin }) => origin) === 1
  if (!compared || count(({ system }) => system) > 1) return slots
  return slots.map((slot) => ({ ...slot, system: slot.reader, reader: 'each of them' }))
}
