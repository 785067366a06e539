import { askedEnd, byStart, endNorm, type Passage } from '../../core/index.ts'
import type { Searchable } from '../../store/index.ts'
import { byScore, passageKey } from '../passages.ts'
import type { Asked } from '../terms.ts'

/** Where a question asks for what came first or last in a conversation, what stands near that end of what was found comes before the rest. */
export async function addEnds(store: Searchable, { query }: Asked, found: readonly Passage[]): Promise<Passage[]> {
  const end = askedEnd(query.text)
  if (!end) return [...found]
  /** When each source speaks, and its name, which tells the order of those that say no time. */
  const told = new Map<string, readonly [time: number, uri: string]>()
  for (const { spans } of found) {
    const [span] = spans
    if (told.has(span.source)) continue
    const source = await store.source(span)
    told.set(span.source, [source?.time ?? 0, source?.uri ?? ''])
  }
  const inOrder = found.toSorted((one, other) => {
    const [time, uri] = told.get(one.spans[0].source)!
    const [otherTime, otherUri] = told.get(other.spans[0].source)!
    return time - otherTime || (uri < otherUri ? -1 : uri > otherUri ? 1 : byStart(one, other))
  })
  const places = new Map(inOrder.map((passage, index) => [passageKey(passage), (index + 0.5) / inOrder.length]))
  return byScore(
    found.map((passage): Passage => {
      const norm = endNorm(end, places.get(passageKey(passage))!)
      return { ...passage, score: passage.score / norm, trail: [...passage.trail, 'ends'] }
    }),
  )
}
