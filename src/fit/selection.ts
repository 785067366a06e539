import { FoveaError, type Passage, type Span } from '../core/index.ts'
import type { OrderContext, Orderer, Renderer } from './contract.ts'
import { Coverage } from './coverage.ts'
import { renderAll } from './render.ts'
import { type Candidate, joinParts, mergeParts, type Part } from './units.ts'

export interface Assembled {
  readonly kept: readonly Passage[]
  readonly text: string
  readonly ranges: [number, number][]
}

/** What has been chosen so far, in the order of choice, and how it would be rendered. */
export class Selection {
  readonly #passages: readonly Passage[]
  readonly #required: number
  readonly #renderer: Renderer
  orderer: Orderer
  readonly #context: Omit<OrderContext, 'textOf' | 'isRequired'>
  readonly #scores = new Map<number, number>()
  readonly #label: (passage: Passage) => Promise<string>
  readonly #labels = new Map<string, string>()
  #coverage = new Coverage()
  /** Whether parts with the same characters were added, so that none can be taken out by itself. */
  #overlapping = false
  #chosen: Candidate[] = []
  /** How often each derived text was chosen. */
  readonly #written = new Map<string, number>()
  readonly #held = new Map<number, number>()

  constructor(
    passages: readonly Passage[],
    required: number,
    renderer: Renderer,
    orderer: Orderer,
    context: Omit<OrderContext, 'textOf' | 'isRequired'>,
    label: (passage: Passage) => Promise<string>,
  ) {
    this.#passages = passages
    this.#required = required
    this.#renderer = renderer
    this.orderer = orderer
    this.#context = context
    this.#label = label
  }

  get chosen(): readonly Candidate[] {
    return this.#chosen
  }

  /** Passages take the largest score of their candidates from now on. */
  rerank(candidates: readonly Candidate[], scores: ArrayLike<number>): void {
    candidates.forEach(({ entry }, index) => {
      const score = scores[index]!
      if (!(score <= (this.#scores.get(entry) ?? Number.NEGATIVE_INFINITY))) this.#scores.set(entry, score)
    })
  }

  holds(entry: number): boolean {
    return (this.#held.get(entry) ?? 0) > 0
  }

  /** What of a candidate is not chosen yet; undefined when nothing is. */
  rest(candidate: Candidate): Candidate | undefined {
    if (candidate.parts.length === 0)
      return (this.#written.get(this.#keyOf(candidate)) ?? 0) > 0 ? undefined : candidate
    if (candidate.parts.every(({ span }) => span.end > span.start && this.#coverage.misses(span))) return candidate
    const parts: Part[] = []
    for (const part of candidate.parts) {
      for (const span of this.#coverage.missing(part.span))
        parts.push(
          span === part.span
            ? part
            : { span, text: part.text.slice(span.start - part.span.start, span.end - part.span.start) },
        )
    }
    return parts.length === 0 ? undefined : { entry: candidate.entry, parts, text: joinParts(parts) }
  }

  add(candidate: Candidate): void {
    this.#chosen.push(candidate)
    this.#held.set(candidate.entry, (this.#held.get(candidate.entry) ?? 0) + 1)
    if (candidate.parts.length === 0) this.#count(candidate, 1)
    for (const { span } of candidate.parts) this.#overlapping = this.#coverage.add(span) || this.#overlapping
  }

  #keyOf({ entry }: Candidate): string {
    return derivedKey(this.#passages[entry]!) ?? ''
  }

  #count(candidate: Candidate, change: number): void {
    const key = this.#keyOf(candidate)
    this.#written.set(key, (this.#written.get(key) ?? 0) + change)
  }

  /** Takes back all but the first `length` choices; gives them in the order of choice. */
  shrink(length: number): Candidate[] {
    const gone = this.#chosen.slice(length)
    this.#chosen.length = length
    for (const candidate of gone) {
      this.#held.set(candidate.entry, this.#held.get(candidate.entry)! - 1)
      if (candidate.parts.length === 0) this.#count(candidate, -1)
    }
    if (!this.#overlapping) {
      for (const { parts } of gone) for (const { span } of parts) this.#coverage.remove(span)
      return gone
    }
    this.#coverage = new Coverage()
    for (const { parts } of this.#chosen) for (const { span } of parts) this.#coverage.add(span)
    return gone
  }

  /** The chosen parts of each entry, in the order in which the entry has them. */
  parts(): Map<number, Part[]> {
    const byEntry = new Map<number, Part[]>()
    for (const { entry, parts } of this.#chosen) {
      const list = byEntry.get(entry)
      if (list) list.push(...parts)
      else byEntry.set(entry, [...parts])
    }
    for (const [entry, parts] of byEntry) byEntry.set(entry, mergeParts(inOrder(this.#passages[entry]!, parts)))
    return byEntry
  }

  async assemble(): Promise<Assembled> {
    const texts = new Map<Passage, string>()
    const required = new Set<Passage>()
    for (const [entry, parts] of this.parts()) {
      const passage = this.#passages[entry]!
      const kept = rescored(parts.length === 0 ? passage : narrowed(passage, parts), this.#scores.get(entry))
      texts.set(kept, passage.derived ?? joinParts(parts))
      if (entry < this.#required) required.add(kept)
    }
    const kept = await this.orderer.order([...texts.keys()], {
      ...this.#context,
      textOf: (passage) => texts.get(passage) ?? passage.derived ?? '',
      isRequired: (passage) => required.has(passage),
    })
    const copies = new Map<Passage, Passage>()
    for (const passage of kept) if (passage.copy && !texts.has(passage)) copies.set(passage, originalOf(passage, texts))
    if (new Set(kept).size - copies.size !== texts.size || kept.length - copies.size !== texts.size)
      throw new FoveaError(
        'orderer-broken',
        'the orderer lost or doubled a passage; it must return each one once, and mark copies `copy`',
      )
    const items: { passage: Passage; text: string; label: string }[] = []
    for (const passage of kept)
      items.push({ passage, text: texts.get(copies.get(passage) ?? passage)!, label: await this.labelOf(passage) })
    return { kept, ...renderAll(this.#renderer, items) }
  }

  async labelOf(passage: Passage): Promise<string> {
    const key = passage.spans.map((span) => `${span.source}:${span.start}-${span.end}`).join()
    let label = this.#labels.get(key)
    if (label === undefined) this.#labels.set(key, (label = await this.#label(passage)))
    return label
  }
}

function originalOf(copy: Passage, texts: ReadonlyMap<Passage, string>): Passage {
  const key = JSON.stringify([copy.spans, copy.derived])
  for (const passage of texts.keys()) if (JSON.stringify([passage.spans, passage.derived]) === key) return passage
  throw new FoveaError('orderer-broken', 'the orderer made a copy of a passage that it was not given')
}

/** The same for derived passages that say the same of the same places; undefined for those that are not derived. */
export const derivedKey = ({ derived, spans }: Passage): string | undefined =>
  derived === undefined ? undefined : JSON.stringify([derived, spans])

function inOrder(passage: Passage, parts: readonly Part[]): Part[] {
  if (passage.spans.length === 1) return parts.toSorted((a, b) => a.span.start - b.span.start)
  const place = ({ span }: Part) =>
    passage.spans.findIndex((own) => own.source === span.source && own.start <= span.start && span.end <= own.end)
  return parts
    .map((part) => ({ part, place: place(part) }))
    .sort((a, b) => a.place - b.place || a.part.span.start - b.part.span.start)
    .map(({ part }) => part)
}

const rescored = (passage: Passage, score: number | undefined): Passage =>
  score === undefined || score === passage.score ? passage : { ...passage, score }

/** The passage itself where all of it is kept, else one of the parts. */
function narrowed(passage: Passage, parts: readonly Part[]): Passage {
  const length = (spans: readonly Span[]) => spans.reduce((sum, span) => sum + span.end - span.start, 0)
  const spans = parts.map(({ span }) => span) as [Span, ...Span[]]
  if (length(passage.spans) === length(spans)) return passage
  return { ...passage, spans, trail: [...passage.trail, 'fit'] }
}
