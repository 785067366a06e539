import type { OutlineKind, OutlineNode } from '../core/index.ts'

interface Draft {
  kind: OutlineKind
  level: number
  start: number
  end: number
  parent?: number
  title?: string
  detail?: NonNullable<OutlineNode['detail']>
}

export interface UnitFacts {
  readonly title?: string
  readonly detail?: NonNullable<OutlineNode['detail']>
}

/** Builds an outline from units given in the order of their starts. Sections close by rank, other units by `close`. */
export class OutlineBuilder {
  readonly #nodes: Draft[] = []
  /** Open units, outermost first; `rank` is the heading's level, Infinity for units that are no sections. */
  readonly #open: { index: number; rank: number }[] = []

  /** A unit whose whole range is known and that holds no others. */
  add(kind: OutlineKind, start: number, end: number, facts: UnitFacts = {}): void {
    this.#push(kind, start, end, facts)
  }

  /** Opens a unit that later ones lie in until it is closed. */
  open(kind: OutlineKind, start: number, facts: UnitFacts = {}, rank = Number.POSITIVE_INFINITY): void {
    const index = this.#push(kind, start, start, facts)
    this.#open.push({ index, rank })
  }

  /** Opens the section of a heading of `rank` (1 outermost) and closes those that it ends. */
  section(rank: number, start: number, facts: UnitFacts = {}): void {
    while (this.#open.length > 0 && this.#open.at(-1)!.rank >= rank) this.close(start)
    this.open('section', start, facts, rank)
  }

  /** Closes the unit opened last. */
  close(end: number): void {
    const top = this.#open.pop()
    if (top) this.#nodes[top.index]!.end = end
  }

  /** How many units are open. */
  get depth(): number {
    return this.#open.length
  }

  /** Closes what is open and gives the outline. */
  finish(end: number): OutlineNode[] {
    while (this.#open.length > 0) this.close(end)
    return this.#nodes
  }

  #push(kind: OutlineKind, start: number, end: number, facts: UnitFacts): number {
    const parent = this.#open.at(-1)?.index
    this.#nodes.push({
      kind,
      ...facts,
      level: this.#open.length + 1,
      start,
      end,
      ...(parent === undefined ? {} : { parent }),
    })
    return this.#nodes.length - 1
  }
}
