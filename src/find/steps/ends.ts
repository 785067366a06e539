import { askedEnd, byStart, endNorm, type Passage } from '../../core/index.ts'
import type { Searchable } from '../../store/index.ts'
import { byScore, passageKey } from '../passages.ts'
import type { Asked } from '../terms.ts'

/** Where a question asks for what came first or last in a conversation, what stands near that end of what was found comes before the rest. */
export async function addEnds(store: Searchable, { query }: Asked, found: readonly Passage[]): Promise<Passage[]> {
  const end = askedEnd(query.text)
  if (!end) return [...found]
  const times = new Map<string, number>()
  for (const { spans } of found) {
    const [span] = spans
    if (!times.has(span.source)) times.set(span.source, (await store.source(span))?.time ?? 0)
  }
  const inOrder = found.toSorted(
    (one, other) =>
      times.get(one.spans[0].source)! - times.get(other.spans[0].source)! ||
      (one.spans[0].source < other.spans[0].source ? -1 : one.spans[0].source > other.spans[0].source ? 1 : 0) ||
      byStart(one, other),
  )
  const places = new Map(inOrder.map((passage, index) => [passageKey(passage), (index + 0.5) / inOrder.length]))
  return byScore(
    found.map((passage): Passage => {
      const norm = endNorm(end, places.get(passageKey(passage))!)
      return { ...passage, score: passage.score / norm, trail: [...passage.trail, 'ends'] }
    }),
  )
}
