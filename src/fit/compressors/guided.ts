import { dualSlope } from '../allocate.ts'
import type { CompressContext, Compressor, CompressorMeta, UnitCompressor } from '../contract.ts'
import { atGrain, cutPhrases } from '../grain.ts'
import { bm25, scaled } from '../lexical.ts'
import { charactersPerToken, groupsOf, scoreByShares } from '../shares.ts'
import { logProbabilitiesOf, surprises } from '../surprise.ts'

export const meta = {
  name: 'guided',
  summary: 'Guiding questions rank passages, their ratios follow the rank in two slopes, and key tokens stay.',
  needs: ['query'],
  uses: ['model', 'logprobs'],
  paper: 'Perception Compressor: A Training-Free Prompt Compression Framework in Long Context, arXiv 2409.19272',
} as const satisfies CompressorMeta

/** Words that must not be lost: numbers, names inside a sentence, code-like words. */
const keyToken = /\d|(?<=[\p{Ll},;] )\p{Lu}|[\p{Ll}]\p{Lu}|_/gu

/** The question, its parts, and what a model would ask to get there, where one is given. */
async function guidingQuestions({ query = '', model, abortSignal }: CompressContext): Promise<string[]> {
  const parts = query
    .split(/[?;.。？]|,? (?:and|or|but|which|who|whose|that|of the|where)\b/)
    .map((part) => part.trim())
    .filter((part) => part.split(/\s+/).length > 1)
  if (!model || query === '') return [query, ...parts]
  const { text } = await model.generate({
    intent: 'plan',
    prompt: `Write the questions, one a line, that must be answered on the way to the answer.\n\nQuestion: ${query}`,
    ...(abortSignal ? { abortSignal } : {}),
  })
  const asked = text
    .split('\n')
    .map((line) => line.replace(/^[\s\d.)*-]+/, '').trim())
    .filter(Boolean)
  return [query, ...parts, ...asked.slice(0, 5)]
}

const guided: UnitCompressor = {
  grain: 'sentence',
  reranks: true,
  async score(units, context) {
    const { query = '', budget, counter, abortSignal } = context
    const texts = units.map(({ text }) => text)
    const sizes = texts.map(({ length }) => length)
    const groups = groupsOf(sizes, (unit) => units[unit]!.passage)
    const passages = groups.map(({ members }) => members.map((unit) => texts[unit]!))
    const relevance = new Float64Array(groups.length)
    const asked = new Float64Array(units.length)
    for (const [place, question] of (await guidingQuestions(context)).entries()) {
      const weight = place === 0 ? 1 : 0.5
      for (const [group, score] of bm25(passages, question, context).entries()) relevance[group]! += weight * score
      for (const [unit, score] of bm25(texts, question, context).entries()) asked[unit]! += weight * score
    }
    // Semi-guided: what bears on the question, else what is least expected, and always what is key.
    const { nats, tokens } = await surprises(units, logProbabilitiesOf(context, texts), query, abortSignal)
    const information = scaled(nats.map((sum, unit) => sum / Math.max(4, tokens[unit]!)))
    const bearing = scaled(asked)
    const within = bearing.map((own, unit) => {
      const keys = texts[unit]!.match(keyToken)?.length ?? 0
      const beside = Math.max(
        units[unit - 1]?.passage === units[unit]!.passage ? bearing[unit - 1]! : 0,
        units[unit + 1]?.passage === units[unit]!.passage ? bearing[unit + 1]! : 0,
      )
      return own + 0.3 * beside + 0.2 * information[unit]! + 0.2 * Math.min(1, (keys * 12) / (12 + sizes[unit]!))
    })
    const room = budget * charactersPerToken(texts, counter)
    return scoreByShares(sizes, groups, relevance, within, (claims) => dualSlope(claims, room))
  },
}

/**
 * Tang and others 2024. Without a model the question's own parts guide; without log-probabilities a word model of the text. `phrase`
 * prunes inside sentences. The paper drops tokens by the perplexity of a model; ours keeps whole sentences unless `grain` is `phrase`,
 * and by words where no model is given.
 */
export const guidedOf = (grain: 'sentence' | 'phrase'): Compressor =>
  grain === 'sentence' ? guided : atGrain(guided, cutPhrases)

export default guidedOf('sentence')
