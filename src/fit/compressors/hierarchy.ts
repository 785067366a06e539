import type { OutlineNode } from '../../core/index.ts'
import { dualSlope, waterFill } from '../allocate.ts'
import type { CompressContext, Compressor, CompressorMeta, Unit } from '../contract.ts'
import { bm25, scaled } from '../lexical.ts'
import { charactersPerToken, groupsOf, scoreByShares } from '../shares.ts'

export const meta = {
  name: 'hierarchy',
  summary:
    'For a question about one thing the few sections that tell of it; for one about the whole, headings and leads.',
  needs: ['query'],
  uses: ['model', 'outline'],
  paper: 'Hierarchical Document Refinement for Long-context Retrieval-augmented Generation, arXiv 2505.10413',
} as const satisfies CompressorMeta

const aboutAll =
  /\b(summar\w+|overview|outline|overall|main (?:points?|ideas?|topics?|themes?)|in general|as a whole|compare|contrast|all (?:of )?the|list (?:all|the)|what (?:is|are) (?:this|these|the) (?:document|book|folder|report|text|paper)s?|themes?|history of|describe|discuss)\b/i
const heading = /^(?:#{1,6}\s|\d+(?:\.\d+)*\.?\s+\p{Lu}|(?:chapter|section|part|article)\s+[\divxlc]+\b)/iu

/** Whether a question is about the whole: as the model says, where one is given, else by its words. */
async function isGlobal({ query = '', model, abortSignal }: CompressContext): Promise<boolean> {
  if (query.trim() === '') return true
  if (!model) return aboutAll.test(query)
  const { text } = await model.generate({
    intent: 'judge',
    prompt: `Does this question ask for one fact that stands in one place (LOCAL), or about the documents as a whole (GLOBAL)? Reply with one word.\n\nQuestion: ${query}`,
    ...(abortSignal ? { abortSignal } : {}),
  })
  return /\bglobal\b/i.test(text) || (!/\blocal\b/i.test(text) && aboutAll.test(query))
}

/** The section of each unit and the one above it: of the source's outline, else from heading to heading. */
async function sectionsOf(
  units: readonly Unit[],
  { outline, abortSignal }: CompressContext,
): Promise<{ readonly section: number[]; readonly above: number[] }> {
  const outlines = new Map<string, readonly OutlineNode[]>()
  const numbers = new Map<string, number>()
  const number = (key: string) => {
    if (!numbers.has(key)) numbers.set(key, numbers.size)
    return numbers.get(key)!
  }
  const section: number[] = []
  const above: number[] = []
  let open = 0
  for (const [index, { span, text, passage }] of units.entries()) {
    let nodes = outlines.get(span.source)
    if (!nodes) {
      const all = outline ? await outline(span.source, abortSignal) : []
      nodes = all.filter(({ kind }) => kind === 'section' || kind === 'chapter')
      outlines.set(span.source, nodes)
    }
    const around = nodes.filter(({ start, end }) => start <= span.start && span.start < end)
    const inner = around.at(-1)
    if (index > 0 && heading.test(text)) open++
    section.push(
      number(
        inner ? `${span.source}:${inner.start}` : `${span.source} ${nodes.length > 0 ? '' : `${passage} ${open}`}`,
      ),
    )
    above.push(number(`${span.source}:${around.at(-2)?.start ?? 'all'}`))
  }
  return { section, above }
}

/**
 * Jin and others 2025, who train a model to build the tree; ours takes it from the text. A section counts by its best sentence
 * and by what stands around it one level up; the budget goes to sections in two slopes, or evenly to all where the whole is asked for.
 */
const hierarchy: Compressor = {
  grain: 'sentence',
  reranks: true,
  async score(units, context) {
    const { query = '', budget, counter } = context
    const texts = units.map(({ text }) => text)
    const sizes = texts.map(({ length }) => length)
    const { section, above } = await sectionsOf(units, context)
    const asked = scaled(bm25(texts, query, context))
    const groups = groupsOf(sizes, (unit) => section[unit]!)
    const room = budget * charactersPerToken(texts, counter)
    const best = new Map<number, number>()
    for (const [unit, parent] of above.entries()) best.set(parent, Math.max(best.get(parent) ?? 0, asked[unit]!))
    const relevance = groups.map(({ members }) => {
      const own = members.map((unit) => asked[unit]!).sort((a, b) => b - a)
      return own[0]! + 0.3 * (own[1] ?? 0) + 0.3 * best.get(above[members[0]!]!)!
    })
    if (await isGlobal(context)) {
      const within = new Float64Array(units.length)
      for (const { members } of groups)
        for (const [place, unit] of members.entries())
          within[unit] = (heading.test(texts[unit]!) ? 3 : 0) + 1 / (1 + place) + 0.2 * asked[unit]!
      return scoreByShares(sizes, groups, relevance, within, (claims) =>
        waterFill(
          claims.map(({ size }) => ({ relevance: 1, size })),
          room,
        ),
      )
    }
    const within = asked.map(
      (own, unit) =>
        own + 0.4 * Math.max(asked[unit - 1] ?? 0, asked[unit + 1] ?? 0) + (heading.test(texts[unit]!) ? 0.05 : 0),
    )
    const few = Math.max(
      1,
      Math.ceil((3 * room) / Math.max(1, sizes.reduce((sum, size) => sum + size, 0) / groups.length)),
    )
    const bar = relevance.toSorted((a, b) => b - a)[few - 1] ?? 0
    const local = relevance.map((worth) => (worth >= bar ? worth : 0))
    return scoreByShares(sizes, groups, local, within, (claims) =>
      dualSlope(
        claims.map((claim, group) => ({ ...claim, size: local[group]! > 0 ? claim.size : 0 })),
        room,
      ),
    )
  },
}
export default hierarchy
