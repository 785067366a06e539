import { waterFill } from '../allocate.ts'
import type { CompressContext, Compressor, CompressorMeta, Unit, UnitCompressor } from '../contract.ts'
import { unitsAt } from '../grain.ts'
import { communities, termGraph } from '../graph.ts'
import { bm25, scaled } from '../lexical.ts'
import { charactersPerToken, type Group, groupsOf, scoreByShares } from '../shares.ts'
import { cutSentences } from '../units.ts'
import { contentOf } from '../vocabulary.ts'
import { type Quotable, write } from '../written.ts'

export const meta = {
  name: 'topics',
  summary: 'Sentences fall into topics by a graph of likeness, and each topic keeps its part of the budget.',
  needs: [],
  paper: 'Extending Context Window of Large Language Models via Semantic Compression, arXiv 2312.09571',
} as const satisfies CompressorMeta

/** Length of a block of sentences, the knot of the graph, in UTF-16 units. */
const blockLength = 500

/** Topic of each unit: blocks of neighbouring sentences, linked where they share rare words, and next to each other. */
function topicsOf(units: readonly Unit[], context: CompressContext): Int32Array {
  const blockOf = new Int32Array(units.length)
  const blocks: string[][] = []
  let [passage, length, tail] = [-1, 0, '']
  units.forEach((unit, index) => {
    const gap = tail.split('\n', 3).length > 2
    if (unit.passage !== passage || length >= blockLength || gap) {
      blocks.push([])
      length = 0
      tail = ''
    }
    passage = unit.passage
    blocks.at(-1)!.push(unit.text)
    length += unit.text.length
    const written = unit.text.trimEnd().length
    tail = (written === 0 ? tail : '') + unit.text.slice(written)
    blockOf[index] = blocks.length - 1
  })
  const topics = communities(termGraph(blocks, context))
  return blockOf.map((block) => topics[block]!)
}

const fact = /\d+|(?<=\p{Ll} )\p{Lu}\p{L}+/gu

/** How much each sentence stands for its topic: its words are those of the topic, it has facts, it comes early. */
function standing(
  units: readonly Unit[],
  groups: readonly Group[],
  { analyzer, rarity, abortSignal }: CompressContext,
): Float64Array {
  const { terms, contents } = contentOf(
    units.map(({ text }) => text),
    analyzer,
    abortSignal,
  )
  const rare = Float64Array.from(terms, (term) => Math.min(4, rarity(term)))
  const counts = new Int32Array(terms.length)
  const scores = new Float64Array(units.length)
  for (const { members } of groups) {
    for (const unit of members) for (const term of contents[unit]!.numbers) counts[term]!++
    members.forEach((unit, place) => {
      const { numbers } = contents[unit]!
      let central = 0
      for (const term of numbers) if (counts[term]! > 1) central += Math.log(counts[term]!) * rare[term]!
      const facts = new Set(units[unit]!.text.match(fact)).size
      const size = units[unit]!.text.length
      scores[unit] = central / (6 + numbers.length) + (60 * facts) / (60 + size) + 0.3 / (1 + place)
    })
    for (const unit of members) for (const term of contents[unit]!.numbers) counts[term] = 0
  }
  return scores
}

/**
 * Sentences that stand for each topic of the text, in their order. Fei and others 2023 link blocks by embeddings and have a model sum up
 * each topic; ours links blocks that share rare words, and quotes.
 */
const topics: UnitCompressor = {
  grain: 'sentence',
  async score(units, context) {
    const { query, budget, counter } = context
    const texts = units.map(({ text }) => text)
    const sizes = texts.map(({ length }) => length)
    const topic = topicsOf(units, context)
    const groups = groupsOf(sizes, (unit) => topic[unit]!)
    const within = standing(units, groups, context)
    const asked = query ? scaled(bm25(texts, query, context)) : new Float64Array(units.length)
    for (const [unit, score] of asked.entries()) within[unit]! += 3 * score
    const relevance = groups.map(
      ({ members, size }) => size * (1 + 4 * Math.max(0, ...members.map((unit) => asked[unit]!))),
    )
    return scoreByShares(sizes, groups, relevance, within, (claims) =>
      waterFill(claims, budget * charactersPerToken(texts, counter)),
    )
  },
}

/** Each topic as sentences that the given model writes, with their evidence; about one for `shrink` of the text's. Without a model as `topics`. */
export const summarisedTopicsOf = (shrink = 7): Compressor => ({
  async cut(passages, context) {
    const { units, pieces } = unitsAt(passages, cutSentences, context)
    const scores = await topics.score(units, context)
    if (!context.model) return pieces.map((piece, unit) => ({ ...piece, score: scores[unit]! }))
    const topic = topicsOf(units, context)
    const all = pieces.map((piece, unit) => ({ ...piece, score: scores[unit]! - 10 }))
    for (const { members } of groupsOf(
      units.map(({ text }) => text.length),
      (unit) => topic[unit]!,
    )) {
      const from = members
        .filter((unit) => pieces[unit]!.spans)
        .map((unit): Quotable => ({ span: units[unit]!.span, text: units[unit]!.text, passage: units[unit]!.passage }))
      const written = await write(
        from,
        'Sum up this topic; keep names and figures.',
        Math.max(1, Math.round(from.length / shrink)),
        context,
      )
      all.push(...written.map((piece) => ({ ...piece, score: 10 + from.length })))
    }
    return all
  },
})

export default topics
