import type { Passage, Span } from '../../core/index.ts'
import { estimateTokens } from '../../core/index.ts'
import type { StoredSource } from '../../store/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { byScore } from '../passages.ts'
import { titlesOf } from '../titles.ts'

export const meta = {
  name: 'linked',
  summary:
    'Groups what another retriever finds into long units: whole sources with those that they link to, or whose titles they name.',
  paper: 'Jiang, Ma and Chen 2024, LongRAG, arXiv 2406.15319',
  needs: ['inner'],
} as const satisfies RetrieverMeta

export interface LinkedOptions {
  /** What joins sources: links, or titles, which a text names or whose leading words (or those of the files' names) are the same. Default `links`. */
  readonly by: 'links' | 'titles'
  /** Most tokens of a unit, by estimate. Default 4,000. */
  readonly size: number
  /** Passages to ask the inner retriever for, for each unit that is wanted. Default 10. */
  readonly depth: number
  /** Sources that links are resolved among, at most. Default 20,000. */
  readonly sources: number
}

/** Sources that are looked at for one unit. */
const mostQueued = 500

const markdownLink = /\]\(\s*<?([^)\s>#]+)/gu
const htmlLink = /href\s*=\s*["']([^"'#]+)/giu

/**
 * A unit holds the whole source of a hit where that fits, else the hit alone, then sources that it links to, in the order of their
 * links, each source in one unit. Links are relative paths in Markdown or HTML. Its score is its best hit's. By titles, sources that
 * are joined bring those that they name themselves until the unit is full. The paper makes its units before the search and embeds
 * them; ours makes them around what the inner retriever finds.
 */
const make: RetrieverFactory<LinkedOptions> = (
  { store, inner: [first] },
  { by = 'links', size = 4000, depth = 10, sources: most = 20_000 } = {},
) => ({
  name: meta.name,
  async retrieve(query) {
    query.abortSignal?.throwIfAborted()
    const found = (await first?.retrieve({ ...query, limit: query.limit * depth })) ?? []
    const byPlace = new Map<string, StoredSource>()
    for await (const source of store.sources(query.filter)) {
      for (const place of source.places) byPlace.set(place, source)
      if (byPlace.size >= most) break
    }
    const titles = by === 'titles' ? titlesOf(new Set(byPlace.values()), store.analyzer) : undefined
    const read = (one: StoredSource) =>
      store.texts.slice({ source: one.id, start: 0, end: one.length }, query.abortSignal)
    const taken = new Map<string, Passage[]>()
    const units: Passage[] = []
    for (const hit of found) {
      if (units.length >= query.limit) break
      query.abortSignal?.throwIfAborted()
      const own = hit.spans.at(-1)!
      const before = taken.get(own.source)
      // A source that went into a unit whole holds all its hits.
      if (hit.derived !== undefined || before?.some((unit) => holds(unit, own))) continue
      const source = await store.source(own)
      if (!source) continue
      const text = await read(source)
      const perUnit = Math.max(1, estimateTokens(text)) / Math.max(1, text.length)
      const fits = source.length * perUnit <= size && before === undefined
      const spans: [Span, ...Span[]] = [fits ? { source: own.source, start: 0, end: source.length } : own]
      let room = size - (spans[0].end - spans[0].start) * perUnit
      const near = (one: StoredSource, its: string): Iterable<StoredSource | undefined> =>
        titles ? titles.related(one, its) : links(its, one.places).map((place) => byPlace.get(place))
      const queue = fits ? [...near(source, text)] : []
      for (let at = 0; at < queue.length && room > 0; at++) {
        const next = queue[at]
        if (!next || next.length === 0 || taken.has(next.id) || spans.some((span) => span.source === next.id)) continue
        if (next.length * perUnit > room) continue
        room -= next.length * perUnit
        spans.push({ source: next.id, start: 0, end: next.length })
        if (titles && queue.length < mostQueued) queue.push(...near(next, await read(next)))
      }
      const unit: Passage = { ...hit, spans, trail: [...hit.trail, meta.name] }
      for (const span of spans) taken.set(span.source, [...(taken.get(span.source) ?? []), unit])
      units.push(unit)
    }
    return byScore(units)
  },
})

const holds = ({ spans }: Passage, { source, start, end }: Span): boolean =>
  spans.some((span) => span.source === source && span.start <= start && end <= span.end)

/** The places that a text's relative links lead to, each once, in their order. */
function links(text: string, places: readonly string[]): string[] {
  const found = new Set<string>()
  for (const pattern of [markdownLink, htmlLink])
    for (const match of text.matchAll(pattern))
      for (const place of places) {
        const [, root = '', path = ''] = /^([a-z][a-z\d+.-]*:\/\/[^/]*)?(.*)$/isu.exec(place) ?? []
        try {
          const target = new URL(match[1]!, `base://host/${path.replace(/^\//u, '')}`)
          if (target.protocol !== 'base:') continue
          const to = decodeURIComponent(target.pathname)
          found.add(root + (path.startsWith('/') ? to : to.slice(1)))
        } catch {
          // Not an address: no link.
        }
      }
  return [...found]
}

export default make
