import type { Anchor, OutlineKind, OutlineNode, Place, Source } from '../core/index.ts'
import { makeSource, splitsPair } from '../core/index.ts'
import type { ReadContext, ReadInput } from './contract.ts'
import { OutlineBuilder, type UnitFacts } from './outline.ts'
import { readError } from './problems.ts'

export interface ComposedCell {
  readonly text: string
  readonly place?: Place
}

interface Open {
  readonly kind: OutlineKind
  facts: UnitFacts
  readonly rank: number
}

/** Most places in one part: a long sheet, with one for each cell, comes in parts that need not be held together. */
const mostAnchors = 262_144

type Draft = Omit<Source, 'id'>

/** What a composed Source says of itself. */
export interface ComposedFacts {
  title?: string
  language?: string
  time?: number
}

/**
 * Writes the canonical text of a format that has none of its own: blocks with their places, and the units around them.
 * Text longer than `limits.partLength` becomes parts, cut in front of a block; units open at a cut go on in the next part, and a
 * table that goes on names its columns in `detail.columns`.
 */
export class Composer {
  /** Given to every Source that is finished after it was set. */
  readonly facts: ComposedFacts = {}
  readonly #input: ReadInput
  readonly #context: ReadContext
  readonly #mediaType: string
  readonly #drafts: Draft[] = []
  #pieces: string[] = []
  #length = 0
  #anchors: Anchor[] = []
  #outline = new OutlineBuilder()
  #open: Open[] = []
  #pending = ''
  /** Newlines at the end of what was written. */
  #trailing = 0
  #base = 0
  #index = 0
  #any = false

  constructor(input: ReadInput, context: ReadContext, mediaType: string) {
    this.#input = input
    this.#context = context
    this.#mediaType = mediaType
  }

  /** True when nothing has been written. */
  get empty(): boolean {
    return !this.#any
  }

  /** Puts `gap` (newlines) between what was written and what comes next; the longest gap asked for wins. */
  separate(gap: string): void {
    if (this.#length > 0 && gap.length > this.#pending.length) this.#pending = gap
  }

  /** Puts a space or a newline in front of what comes next in the same block. */
  separateBy(gap: ' ' | '\n'): void {
    if (this.#length > 0 && this.#pending === '') this.#pending = gap
  }

  /** Writes a block; it may be cut only when it alone is longer than a part. */
  write(text: string, place?: Place): void {
    if (text === '') return
    this.#room(text.length)
    this.#flush()
    if (place) this.#anchor(place)
    this.#append(text)
  }

  /** Writes the row of a table, `cell | cell`, as a `row` or `header` unit on a line of its own; empty cells at its end are left out. */
  row(cells: readonly ComposedCell[], header = false): void {
    let count = cells.length
    while (count > 0 && cells[count - 1]!.text === '') count--
    let length = 0
    for (const cell of cells) length += cell.text.length + 3
    this.separate('\n')
    this.#room(length)
    this.#flush()
    const start = this.#length
    const index = this.#index
    for (let at = 0; at < count; at++) {
      const { text, place } = cells[at]!
      if (at > 0) this.#append(' | ')
      if (place) this.#anchor(place)
      this.#append(text)
    }
    const table = header ? this.#open.at(-1) : undefined
    if (table)
      table.facts = { ...table.facts, detail: { ...table.facts.detail, columns: cells.map(({ text }) => text) } }
    if (index === this.#index) this.#outline.add(header ? 'header' : 'row', start, this.#length)
    this.separate('\n')
  }

  /** Writes a block as an `atom` unit, which is not to be cut. */
  atom(text: string, place?: Place): void {
    if (text === '') return
    this.#room(text.length)
    this.#flush()
    const start = this.#length
    const index = this.#index
    this.write(text, place)
    if (index === this.#index) this.#outline.add('atom', start, this.#length)
  }

  /** Opens a unit; what is written until `close` lies in it. */
  open(kind: OutlineKind, facts: UnitFacts = {}, rank = Number.POSITIVE_INFINITY): void {
    this.#flush()
    this.#outline.open(kind, this.#length, facts)
    this.#open.push({ kind, facts, rank })
  }

  /** Closes the unit opened last, in front of a gap that is still to come. */
  close(): void {
    if (this.#open.pop()) this.#outline.close(this.#length)
  }

  /** Opens the section of a heading of `rank` (smaller is outer) and closes those of that rank or an inner one. */
  section(rank: number, facts: UnitFacts = {}, kind: OutlineKind = 'section'): void {
    this.#flush()
    while (this.#open.length > 0 && rank <= this.#open.at(-1)!.rank && Number.isFinite(this.#open.at(-1)!.rank))
      this.close()
    this.open(kind, facts, rank)
  }

  /** Sources that are finished, so that they need not be held until the end. */
  async *ready(): AsyncIterable<Source> {
    for (let draft = this.#drafts.shift(); draft; draft = this.#drafts.shift()) yield await makeSource(draft)
  }

  /** The Sources that are left. Throws `empty` when nothing but white space was written. */
  async *finish(): AsyncIterable<Source> {
    if (!this.#any) throw readError('empty', this.#input, 'it holds no text', 'nothing can be found in it')
    if (this.#length > 0) this.#cut(true)
    yield* this.ready()
  }

  #anchor(place: Place): void {
    const last = this.#anchors.at(-1)
    const anchor: Anchor = { at: this.#length, ...place }
    if (last?.at === this.#length) this.#anchors[this.#anchors.length - 1] = anchor
    else this.#anchors.push(anchor)
  }

  #flush(): void {
    if (this.#pending === '') return
    const gap = this.#pending
    this.#pending = ''
    if (this.#length > 0) this.#append(gap === ' ' ? gap : gap.slice(this.#trailing))
  }

  /** Cuts when a block of `length` does not fit behind what is there. */
  #room(length: number): void {
    const full = this.#length + this.#pending.length + length > this.#context.limits.partLength
    if (this.#length > 0 && (full || this.#anchors.length >= mostAnchors)) this.#cut()
  }

  #append(text: string): void {
    const { partLength } = this.#context.limits
    let rest = text
    while (this.#length + rest.length > partLength) {
      let end = Math.max(1, partLength - this.#length)
      if (splitsPair(rest, end)) end = end > 1 ? end - 1 : 2
      this.#push(rest.slice(0, end))
      rest = rest.slice(end)
      if (rest !== '') this.#cut()
    }
    this.#push(rest)
  }

  #push(text: string): void {
    if (text === '') return
    if (!this.#any && /\S/.test(text)) this.#any = true
    this.#pieces.push(text)
    this.#length += text.length
    let end = text.length
    while (end > 0 && text.charCodeAt(end - 1) === 10) end--
    this.#trailing = text.length - end + (end === 0 ? this.#trailing : 0)
  }

  #cut(last = false): void {
    if (!last && this.#length + this.#pending.length <= this.#context.limits.partLength) this.#flush()
    const outline: OutlineNode[] = this.#outline.finish(this.#length)
    const governing = this.#anchors.at(-1)
    this.#drafts.push({
      uri: this.#input.uri,
      text: this.#pieces.join(''),
      mediaType: this.#mediaType,
      ...this.facts,
      outline,
      origin: { anchors: this.#anchors },
      ...(last && this.#index === 0 ? {} : { part: { index: this.#index, base: this.#base } }),
    })
    this.#base += this.#length
    this.#index++
    this.#pieces = []
    this.#length = 0
    this.#trailing = 0
    this.#pending = ''
    this.#anchors = governing ? [{ ...governing, at: 0 }] : []
    this.#outline = new OutlineBuilder()
    for (const { kind, facts } of this.#open) this.#outline.open(kind, 0, facts)
  }
}
