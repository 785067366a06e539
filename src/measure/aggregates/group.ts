import type { Ledger, Loss, Origin } from '../contract.ts'
import type { Estimate } from '../stats.ts'
import { louder, type Slot, type Spent } from './gather.ts'

/** Results that differ in nothing but the sample (and the seed, where it is not given), counted together. */
export interface Group {
  readonly task: string
  readonly cell: string
  readonly length: number
  readonly system: string
  readonly budget: string
  readonly reader: string
  readonly origin: Origin
  readonly seed?: number
  readonly results: number
  readonly failures: number
  /** Name of its main score. */
  readonly main: string
  readonly scores: Readonly<Record<string, Estimate>>
  /** Sums over the results that have one. */
  readonly ledger?: Ledger
  readonly spent: Readonly<Spent>
}

/** Slots as one group; its scores are reckoned elsewhere. */
export function groupOf(
  parts: readonly Slot[],
  system: string,
  main: string,
  scores: Group['scores'],
  seed?: number,
): Group {
  const [first] = parts
  const { task, cell, length, budget, reader } = first!
  const ledger = ledgerOf(parts)
  return {
    ...{ task, cell, length, system, budget, reader },
    origin: parts.map(({ origin }) => origin).reduce(louder),
    ...(seed === undefined ? {} : { seed }),
    results: parts.reduce((sum, { results }) => sum + results, 0),
    failures: parts.reduce((sum, { failures }) => sum + failures, 0),
    main,
    scores,
    ...(ledger ? { ledger } : {}),
    spent: spentOf(parts),
  }
}

export function spentOf(parts: readonly { readonly spent: Readonly<Spent> }[]): Spent {
  const total: Spent = { pack: 0, whole: 0, calls: 0, input: 0, output: 0, dollars: 0, priced: 0, milliseconds: 0 }
  for (const { spent } of parts) for (const name of Object.keys(total) as (keyof Spent)[]) total[name] += spent[name]
  return total
}

/** The sum of ledgers; undefined where there is none. */
export function ledgerOf(parts: readonly { readonly ledger?: Ledger }[]): Ledger | undefined {
  const lost: Partial<Record<Loss, number>> = {}
  let evidence = 0
  let used = 0
  let any = false
  for (const { ledger } of parts) {
    if (!ledger) continue
    any = true
    evidence += ledger.evidence
    used += ledger.used
    for (const [loss, count] of Object.entries(ledger.lost) as [Loss, number][]) lost[loss] = (lost[loss] ?? 0) + count
  }
  return any ? { evidence, used, lost } : undefined
}
