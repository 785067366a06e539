import type * as Plots from '@observablehq/plot'
import type { Facts } from '../../aggregate.ts'
import type { Origin, Table } from '../../contract.ts'
import type { Estimate } from '../../stats.ts'

/** Rows as columns, which are a third of the size; numbers stand for names by their place in the lists of the page. */
export type Columns<Row> = { readonly [Name in keyof Row]: readonly Row[Name][] }

export interface GroupRow extends Estimate {
  readonly cell: number
  readonly length: number
  readonly system: number
  readonly budget: number
  readonly reader: number
  readonly results: number
  readonly failures: number
  readonly evidence: number
  readonly used: number
  /** By place in `losses`; 0 where nothing was lost. */
  readonly lost: readonly number[] | 0
  /** Sums over the results. */
  readonly tokens: number
  readonly calls: number
  readonly dollars: number
  readonly priced: number
  readonly milliseconds: number
}
/** Task -1: over all cells. */
export interface Choice {
  readonly task: number
  readonly budget: number
  readonly reader: number
}
export interface StandingRow extends Choice {
  /** -1: over the cells of the task. */
  readonly cell: number
  readonly best: number
  /** System, difference, low, high, samples, and 1 where they are told apart. */
  readonly others: readonly (readonly number[])[]
}
export interface SplitRow extends Estimate {
  readonly task: number
  readonly tag: number
  readonly value: string
  readonly order: number
  readonly length: number
  readonly system: number
  readonly budget: number
  readonly reader: number
}
export interface ScoreRow extends Choice, Estimate {
  readonly system: number
  readonly score: number
}
export interface SeedRow {
  readonly system: number
  readonly budget: number
  readonly reader: number
  readonly seed: number
  readonly mean: number
}
export interface PageData {
  readonly tasks: readonly string[]
  readonly cells: readonly { readonly task: number; readonly name: string }[]
  readonly systems: readonly { readonly name: string; readonly reference: boolean }[]
  readonly budgets: readonly string[]
  readonly readers: readonly { readonly name: string; readonly origin: Origin }[]
  readonly tags: readonly string[]
  readonly scores: readonly string[]
  readonly losses: readonly string[]
  /** Main scores are shares, shown as percent. */
  readonly share: boolean
  readonly groups: Columns<GroupRow>
  readonly standings: readonly StandingRow[]
  readonly splits: Columns<SplitRow>
  readonly depths: Columns<SplitRow>
  readonly board: Columns<ScoreRow>
  readonly seeds: readonly SeedRow[]
  readonly samples: readonly ShownSample[]
  readonly first: Choice
}
/** What is left of the data once it is read, with rows as objects. */
export interface Model extends Omit<PageData, 'groups' | 'splits' | 'depths' | 'board'> {
  readonly groups: readonly GroupRow[]
  readonly splits: readonly SplitRow[]
  readonly depths: readonly SplitRow[]
  readonly board: readonly ScoreRow[]
}

/** Source by number, start, end. */
export type Place = readonly [source: number, start: number, end: number]
/** A sample with what several systems did with it; of long texts only what lies around evidence and kept text. */
export interface ShownSample {
  readonly task: string
  readonly cell: string
  readonly question: string
  readonly answers: readonly (readonly string[])[]
  /** Sources of which something is shown, and how many others there are. */
  readonly sources: readonly {
    readonly number: number
    readonly uri: string
    readonly length: number
    readonly pieces: readonly (readonly [start: number, text: string])[]
  }[]
  readonly without: number
  readonly evidence: readonly Place[]
  /** Lists of kept places, which readers of the same text share. */
  readonly kept: readonly (readonly Place[])[]
  readonly views: readonly ShownView[]
}
export interface ShownView {
  readonly system: string
  readonly budget: string
  readonly reader: string
  readonly origin: Origin
  readonly length: number
  readonly said?: string
  readonly failure?: string
  readonly scores: Readonly<Record<string, number>>
  readonly lost: Readonly<Record<string, number>>
  readonly kept: number
}

/** What the parts of the page that do not change are made from. */
export interface PageFacts {
  readonly title: string
  readonly facts: Facts
  readonly analyses: readonly { readonly name: string; readonly table: Table }[]
  /** Budgets and readers whose figures the page leaves out, for want of room. */
  readonly left: readonly string[]
  /** Samples with views for which there is no room. */
  readonly unseen: number
}

export interface Page {
  readonly Plot: typeof Plots
  readonly model: Model
  choice: Choice
  /** Systems that are drawn. */
  readonly shown: Set<number>
  /** The outline of a mark. */
  symbolPath(name: string): string
  /** Makes room for a drawing, and draws it when it comes into view. */
  mount(box: HTMLElement, label: string, height: (width: number) => number, draw: (width: number) => Element): void
}
