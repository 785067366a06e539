import { type Passage, passageText, type Span, sentences } from '../../core/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { byScore } from '../passages.ts'
import { distinctTerms, weighTerms } from '../terms.ts'

export const meta = {
  name: 'window',
  summary: 'Narrows what another retriever finds to its best sentence and some around it.',
  needs: ['inner'],
} as const satisfies RetrieverMeta

export interface WindowOptions {
  /** Sentences before and after the best one. Default 1. */
  readonly around: number
}

/** A passage of one span is cut; its score is that of the passage, so that order stays. */
const make: RetrieverFactory<WindowOptions> = ({ store, inner: [first] }, { around = 1 } = {}) => ({
  name: meta.name,
  async retrieve(query) {
    query.abortSignal?.throwIfAborted()
    const found = (await first?.retrieve(query)) ?? []
    const { values } = await weighTerms(store, query)
    const narrowed: Passage[] = []
    for (const passage of found) {
      const span = passage.spans[0]
      if (passage.derived !== undefined || passage.spans.length > 1) {
        narrowed.push(passage)
        continue
      }
      const text = await passageText(passage, store.texts, query.abortSignal)
      const ranges = sentences(text)
      const worth = ranges.map(([start, end]) =>
        distinctTerms(store.analyzer, text.slice(start, end)).reduce((sum, term) => sum + (values.get(term) ?? 0), 0),
      )
      const best = worth.indexOf(Math.max(...worth))
      const from = ranges[Math.max(0, best - around)]?.[0] ?? 0
      const to = ranges[Math.min(ranges.length - 1, best + around)]?.[1] ?? text.length
      const cut: Span = {
        source: span.source,
        start: span.start + from,
        end: span.start + text.slice(0, to).trimEnd().length,
      }
      narrowed.push({ ...passage, spans: [cut], trail: [...passage.trail, meta.name] })
    }
    return byScore(narrowed)
  },
})

export default make
