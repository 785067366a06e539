import type { Filter, Passage } from '../../core/index.ts'
import type { Searchable } from '../../store/index.ts'
import { byScore, passageKey } from '../passages.ts'
import type { Reader } from '../reading.ts'
import type { Asked } from '../terms.ts'
import { overlap, type TimeRange, timesIn } from '../times.ts'

export interface TimeWeights {
  /** For a passage of a time that the question speaks of, as a share of all that the question can decide. Default 0.3. */
  readonly share: number
  /** Days before and after such a time from whose Sources passages are searched for besides. Default 31. */
  readonly around: number
  /** Passages that are looked at, the best ones. Default 200. */
  readonly depth: number
  /** When the question is asked, in milliseconds since 1970, for "last week" in it. Default: such words are passed over. */
  readonly now: number | undefined
}
export const usualTimes: TimeWeights = { share: 0.3, around: 31, depth: 200, now: undefined }

const day = 86_400_000

/** Raises passages said at a time that the question speaks of, or that speak of it, "yesterday" seen from their Source's time. */
export async function addTimes(
  store: Searchable,
  reader: Reader,
  asked: Asked,
  found: readonly Passage[],
  { share, around, depth, now }: TimeWeights,
): Promise<Passage[]> {
  const { query } = asked
  const wanted = timesIn(query.text, now)
  if (wanted.length === 0) return [...found]
  const best = new Map(found.map((passage) => [passageKey(passage), passage]))
  for (const range of wanted) {
    const filter = within(query.filter, range, around * day)
    for (const passage of await store.keyword({ ...query, terms: asked.terms, limit: depth, filter }))
      if (!best.has(passageKey(passage))) best.set(passageKey(passage), passage)
  }
  const ranked = byScore([...best.values()])
  const better: Passage[] = []
  for (const [rank, passage] of ranked.entries()) {
    const held = rank < depth && (await timesOf(passage)).some((time) => wanted.some((range) => overlap(time, range)))
    if (!held) better.push(passage)
    else better.push({ ...passage, score: passage.score + share * asked.total, trail: [...passage.trail, 'time'] })
  }
  return byScore(better)

  async function timesOf(passage: Passage): Promise<TimeRange[]> {
    const { text, spoken } = await reader(passage, query.abortSignal)
    const time = (await store.source(passage.spans.at(-1)!))?.time
    if (time === undefined) return timesIn(text)
    // The time of a file is that of its last change; only what is said is of its day.
    return spoken
      ? [{ from: Math.floor(time / day) * day, to: Math.floor(time / day) * day + day }, ...timesIn(text, time)]
      : timesIn(text)
  }
}

function within(filter: Filter | undefined, { from, to }: TimeRange, slack: number): Filter {
  return {
    ...filter,
    after: Math.max(filter?.after ?? Number.NEGATIVE_INFINITY, from - slack),
    before: Math.min(filter?.before ?? Number.POSITIVE_INFINITY, to + slack),
  }
}
