import type { TaskMeta } from '../contract.ts'
import { around, drawing, wholeNumber } from '../generators/draw.ts'
import { noise } from '../generators/haystack.ts'
import { depths, NeedlePlacer } from '../generators/needles.ts'
import { distinct } from '../generators/words.ts'
import { drawn, integer } from '../random.ts'

export const meta = {
  name: 'ruler-vt',
  summary: 'All variables that hold a value, by chains of assignments in noise.',
  paper: 'Hsieh et al. 2024, RULER, arXiv 2404.06654',
  options: { chains: 1, hops: 4 },
  metrics: ['references-said'],
  diffusion: 'high',
  scope: 'low',
} as const satisfies TaskMeta

const variable = (random: () => number): string =>
  Array.from({ length: 5 }, () => String.fromCharCode(65 + integer(0, 25, random))).join('')

/** RULER's variable tracking, without the worked example that it puts first. The first chain is asked for. */
export default drawing(meta.name, (request) => {
  const chains = wholeNumber(request.options, 'chains', 1)
  const hops = wholeNumber(request.options, 'hops', 0)
  const placer = new NeedlePlacer({ ...request, haystack: noise })
  return async ({ id, random }) => {
    const names = distinct(chains * (hops + 1), () => variable(random))
    const values = distinct(chains, () => integer(10_000, 99_999, random))
    const where = (): number[] =>
      (hops < depths.length ? drawn(depths, hops + 1, random) : Array.from({ length: hops + 1 }, random)).sort(
        (one, other) => one - other,
      )
    const needles = values.flatMap((value, chain) => {
      const own = names.slice(chain * (hops + 1), (chain + 1) * (hops + 1))
      const places = where()
      return own.map((name, at) => ({
        text: `VAR ${name} = ${at === 0 ? value : `VAR ${own[at - 1]}`}.`,
        depth: request.depth ?? places[at]!,
      }))
    })
    const frame = {
      instruction: 'Variables are assigned values or other variables in the text below. Keep track of what they hold.',
      question: `Which variables hold the value ${values[0]} in the text above? Name all of them.`,
      cue: `Following the assignments, ${hops + 1} variables hold the value ${values[0]}:`,
    }
    const offset = integer(0, noise.sentences.length - 1, random)
    const { corpus, spans, tokens } = await placer.hide(id, needles, around(frame), offset)
    const own = names.slice(0, hops + 1)
    return {
      ...frame,
      id,
      cell: meta.name,
      corpus,
      answers: own.map((name) => [name]),
      evidence: spans.slice(0, hops + 1),
      needs: own.map((_, at) => Array.from({ length: at + 1 }, (_, before) => before)),
      distractors: spans.slice(hops + 1).map((span, at) => ({ span, says: names[hops + 1 + at]! })),
      tags: { length: request.length, chains, hops, depth: needles[0]!.depth },
      tokens,
    }
  }
})
