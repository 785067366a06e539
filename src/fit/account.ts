import type { Dropped, Passage, Span } from '../core/index.ts'
import { Coverage, divide } from './coverage.ts'
import { derivedKey } from './selection.ts'
import type { Part } from './units.ts'

/** A passage with its empty spans and its overlaps with itself taken out; undefined when no character is left. */
export function tidy(passage: Passage): Passage | undefined {
  if (passage.derived !== undefined) return passage
  const [first] = passage.spans
  if (passage.spans.length === 1) return first.end > first.start ? passage : undefined
  const seen = new Coverage()
  const spans: Span[] = []
  for (const span of passage.spans) {
    spans.push(...seen.missing(span))
    seen.add(span)
  }
  const same = spans.length === passage.spans.length && spans.every((span, index) => span === passage.spans[index])
  return same ? passage : spans.length === 0 ? undefined : { ...passage, spans: spans as [Span, ...Span[]] }
}

/** What of the first `given` entries was not kept, with the reason; every character of them is then kept or dropped. */
export function accountFor(
  all: readonly Passage[],
  given: number,
  kept: ReadonlyMap<number, readonly Part[]>,
  refused: ReadonlySet<number>,
): Dropped[] {
  const entries = all.slice(0, given)
  const evidence = new Coverage()
  for (const entry of kept.keys()) if (entry >= given) for (const span of all[entry]!.spans) evidence.add(span)
  const rests = ({ spans }: Passage) => spans.some((span) => length(evidence.missing(span)) < span.end - span.start)
  const ranges = [...kept].flatMap(([entry, parts]) => parts.map(({ span }) => ({ entry, span })))
  const shares = divide(entries, ranges)
  const dropped: Dropped[] = []
  const derived = new Set(entries.flatMap((passage, entry) => (kept.has(entry) ? (derivedKey(passage) ?? []) : [])))
  entries.forEach((passage, entry) => {
    const why = kept.has(entry) || rests(passage) ? 'compressed' : refused.has(entry) ? 'irrelevant' : 'budget'
    const key = derivedKey(passage)
    if (key !== undefined) {
      if (kept.has(entry)) return
      dropped.push({ passage, why: derived.has(key) ? 'duplicate' : why })
      derived.add(key)
      return
    }
    const { own, shared } = shares[entry]!
    if (own.length > 0) dropped.push({ passage: narrowTo(passage, own), why })
    if (shared.length > 0) dropped.push({ passage: narrowTo(passage, shared), why: 'duplicate' })
  })
  return dropped
}

const length = (spans: readonly Span[]): number => spans.reduce((sum, span) => sum + span.end - span.start, 0)

const narrowTo = (passage: Passage, spans: readonly Span[]): Passage =>
  length(spans) === length(passage.spans) ? passage : { ...passage, spans: spans as [Span, ...Span[]] }
