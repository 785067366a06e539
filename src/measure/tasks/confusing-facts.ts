import type { TaskMeta } from '../contract.ts'
import { confused, replacements } from '../generators/facts.ts'
import { NeedlePlacer } from '../generators/needles.ts'
import { aroundOf, series, wholeOption, wordOption } from '../generators/series.ts'
import { hashOf, seededRandom } from '../random.ts'

export const meta = {
  name: 'confusing-facts',
  summary: 'A fact whose names were replaced, among others that contradict it on its keywords; memory does not help.',
  paper: 'Yuan et al. 2024, LV-Eval, arXiv 2402.05136',
  options: { confusing: 4, replace: 'all' },
  metrics: ['gated-f1'],
  diffusion: 'high',
  scope: 'low',
} as const satisfies TaskMeta

/**
 * `confusing` is the number of facts that contradict; `replace` says which names are invented: `none`, `keywords` (what is
 * asked for) or `all` (its subject too). A question is the same at each length for the same seed, as in LV-Eval, whose lengths
 * are 16k, 32k, 64k, 128k and 256k words; facts are ours, not its annotators'.
 */
export default series(
  meta,
  (request) => new NeedlePlacer(request),
  async ({ request, kit, index, id, random, depth }) => {
    const confusing = wholeOption(request.options, 'confusing', 0, 40)
    const replace = wordOption(request.options, 'replace', replacements)
    const same = seededRandom(hashOf(`${meta.name} ${request.seed} ${index}`))
    const fact = confused(replace, confusing, same)
    const ask = {
      instruction:
        'Answer from the text below alone, whatever you know of the matter. The text may differ from what is commonly known, and may say similar things of something else.',
      question: fact.question,
      cue: 'Answer in one short sentence.',
    }
    const needles = [{ text: fact.gold.text, depth }, ...fact.confusers.map(({ text }) => ({ text, depth: random() }))]
    const from = Math.floor(random() * request.haystack.sentences.length)
    const hidden = await kit.hide(id, needles, aroundOf(ask), from)
    const [gold, ...others] = hidden.spans
    const [start, end] = fact.gold.telling
    return {
      id,
      cell: meta.name,
      corpus: hidden.corpus,
      ...ask,
      answers: [fact.answers],
      evidence: [{ source: gold!.source, start: gold!.start + start, end: gold!.start + end }],
      distractors: others.map((span, at) => ({ span, says: fact.confusers[at]!.says })),
      tags: {
        length: request.length,
        depth,
        confusing,
        replace,
        keywords: fact.keywords,
        diffusion: confusing > 1 ? 'high' : 'low',
        scope: meta.scope,
      },
      tokens: hidden.tokens,
    }
  },
)
