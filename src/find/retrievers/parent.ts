import { estimateTokens, type Passage, type Span } from '../../core/index.ts'
import type { EnclosingUnit, Searchable } from '../../store/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { byScore } from '../passages.ts'

export const meta = {
  name: 'parent',
  summary: 'Widens what another retriever finds to its section, or to long units of about 4,000 tokens.',
  paper: 'Jiang, Ma and Chen 2024, LongRAG, arXiv 2406.15319',
  needs: ['inner'],
} as const satisfies RetrieverMeta

export interface ParentOptions {
  /** `section`: the smallest unit around a passage; `long`: the largest within `size`. Default `section`. */
  readonly to: 'section' | 'long'
  /** Most tokens of a widened passage, by estimate. Sources within it are taken whole by `long`. Default 4,000. */
  readonly size: number
  /** Passages to ask the inner retriever for, for each that is wanted. Default 3. */
  readonly depth: number
}

interface Widened {
  readonly passage: Passage
  readonly span: Span
}
type Wide = Omit<ParentOptions, 'depth'>

/**
 * The paper's units are documents and groups of them, made before the search; ours are the smallest units around what was found.
 */
const make: RetrieverFactory<ParentOptions> = ({ store, inner }, { to = 'section', size = 4000, depth = 3 } = {}) => ({
  name: meta.name,
  async retrieve(query) {
    query.abortSignal?.throwIfAborted()
    const found = (await inner[0]?.retrieve({ ...query, limit: query.limit * depth })) ?? []
    const bySource = new Map<string, Widened[]>()
    const derived: Passage[] = []
    for (const hit of found) {
      query.abortSignal?.throwIfAborted()
      if (hit.derived !== undefined) {
        derived.push(hit)
        continue
      }
      const own = hit.spans.at(-1)!
      const known = bySource.get(own.source) ?? []
      bySource.set(own.source, known)
      // Hits come best first: one that stands in a wider passage already adds nothing to its score.
      if (known.some(({ span }) => span.start <= own.start && own.end <= span.end)) continue
      const wide = await widen(store, hit, { to, size }, query.abortSignal)
      known.push({ span: clear(wide, own, known), passage: hit })
    }
    const widened = [...bySource.values()].flat().map(({ passage, span }): Passage => {
      const outside = passage.spans.slice(0, -1).filter(({ start, end }) => start < span.start || end > span.end)
      const before = outside.filter(({ source, end }) => source !== span.source || end <= span.start)
      const spans: [Span, ...Span[]] = before[0] ? [before[0], ...before.slice(1), span] : [span]
      return { ...passage, spans, trail: [...passage.trail, meta.name] }
    })
    return byScore([...derived, ...widened]).slice(0, query.limit)
  },
})

/** The part of a widened span that no other holds; what the hit itself covers stays. */
function clear(wide: Span, own: Span, known: readonly Widened[]): Span {
  let { start, end } = wide
  for (const { span } of known) {
    if (span.end <= own.start) start = Math.max(start, span.end)
    else if (span.start >= own.end) end = Math.min(end, span.start)
  }
  return { source: own.source, start, end }
}

async function widen(store: Searchable, hit: Passage, { to, size }: Wide, abortSignal?: AbortSignal): Promise<Span> {
  const own = hit.spans.at(-1)!
  const text = await store.texts.slice(own, abortSignal)
  // The passage tells how many characters its kind of text has in a token.
  const most = Math.max(own.end - own.start, (size * text.length) / Math.max(1, estimateTokens(text)))
  const fits = ({ span }: EnclosingUnit): boolean => span.end - span.start <= most
  const wider = ({ span }: EnclosingUnit): boolean => span.end - span.start > own.end - own.start
  const units = (await store.enclosing(own)).filter(wider)
  if (to === 'section') {
    const unit = units.findLast(({ kind, title }) => title !== undefined || kind !== 'paragraph')
    if (unit && fits(unit)) return unit.span
  } else {
    const source = await store.source(own)
    if (source && source.length <= most) return { source: own.source, start: 0, end: source.length }
    const unit = units.find(fits)
    if (unit && 2 * (unit.span.end - unit.span.start) > most) return unit.span
  }
  const outer = units.findLast((unit) => !fits(unit))?.span
  return grow(store, hit, most, outer, abortSignal)
}

/** Takes the neighbours on both sides in turn while they fit, within the unit that is too large to be taken whole. */
async function grow(
  store: Searchable,
  hit: Passage,
  most: number,
  outer: Span | undefined,
  abortSignal?: AbortSignal,
): Promise<Span> {
  const own = hit.spans.at(-1)!
  let { start, end } = own
  for (let reach = 4; ; reach *= 4) {
    abortSignal?.throwIfAborted()
    const around = (await store.neighbours(hit, reach, reach)).map((passage) => passage.spans.at(-1)!)
    const inside = around.filter((span) => !outer || (outer.start <= span.start && span.end <= outer.end))
    const before = inside.filter((span) => span.end <= own.start).reverse()
    const after = inside.filter((span) => span.start >= own.end)
    ;({ start, end } = own)
    let open = true
    for (let step = 0; open && step < Math.max(before.length, after.length); step++) {
      open = false
      const next = after[step]
      if (next && next.end - start <= most) {
        end = next.end
        open = true
      }
      const last = before[step]
      if (last && end - last.start <= most) {
        start = last.start
        open = true
      }
    }
    if (!open || around.length < 2 * reach || reach > 1000) return { source: own.source, start, end }
  }
}

export default make
