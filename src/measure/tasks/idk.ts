import type { TaskMeta } from '../contract.ts'
import { choiceSaid } from '../generators/choices.ts'
import { NeedlePlacer } from '../generators/needles.ts'
import { person, traits } from '../generators/people.ts'
import { aroundOf, numberOption, series, wholeOption } from '../generators/series.ts'
import { distinct } from '../generators/words.ts'
import { drawn, pick, shuffled } from '../random.ts'

export const meta = {
  name: 'idk',
  summary: 'A question with choices that the text may or may not answer; one of the choices is not to know.',
  paper: 'Vodrahalli et al. 2024, Michelangelo, arXiv 2409.12640',
  options: { unanswerable: 0.5, choices: 4 },
  metrics: ['exact-match'],
  diffusion: 'low',
  scope: 'low',
} as const satisfies TaskMeta

const unknown = "I don't know"

/**
 * `unanswerable` is the share of samples whose text does not hold the answer. All texts say other things of the person who
 * is asked about, and the same thing of other people: those are the wrong choices. Scored by the choice that was said;
 * `abstained` says whether it was not to know.
 */
export default series(
  meta,
  (request) => new NeedlePlacer(request),
  async ({ request, kit, id, random, depth }) => {
    const share = numberOption(request.options, 'unanswerable', 0, 1)
    const count = wholeOption(request.options, 'choices', 3, 8)
    const told = random() >= share
    const [who, ...others] = distinct(count, () => person(random))
    const [trait, ...more] = shuffled(traits, random)
    const [value, ...lures] = drawn(trait!.values, count, random)
    const wrong = told ? lures.slice(0, count - 2) : lures.slice(0, count - 1)
    const choices = shuffled([...wrong, ...(told ? [value!] : []), unknown], random)
    const gold = told ? value! : unknown
    const needles = [
      ...(told ? [trait!.says(who!, value!)] : []),
      ...wrong.map((lure, index) => trait!.says(others[index]!, lure)),
      ...more.slice(0, 2).map((other) => other.says(who!, pick(other.values, random))),
    ].map((text, index) => ({ text, depth: told && index === 0 ? depth : random() }))
    const ask = {
      instruction: `Answer from the text below. Choose "${unknown}" if the text does not say.`,
      question: trait!.asks(who!),
      choices,
      cue: 'Answer with one of the choices.',
    }
    const { haystack } = request
    const from = Math.floor(random() * haystack.sentences.length)
    const hidden = await kit.hide(id, needles, aroundOf(ask), from)
    const evidence = told ? hidden.spans.slice(0, 1) : []
    return {
      id,
      cell: told ? 'answerable' : 'unanswerable',
      corpus: hidden.corpus,
      ...ask,
      answers: [[gold]],
      evidence,
      distractors: wrong.map((says, index) => ({ span: hidden.spans[index + evidence.length]!, says })),
      tags: {
        length: request.length,
        ...(told ? { depth } : {}),
        answerable: told,
        trait: trait!.name,
        diffusion: meta.diffusion,
        scope: meta.scope,
      },
      tokens: hidden.tokens,
      solve: (seen) => (seen[0] ? gold : unknown),
      check(said) {
        const choice = choiceSaid(said, choices)
        const heard = choice === undefined ? undefined : choices[choice]
        return { 'exact-match': heard === gold ? 1 : 0, abstained: heard === unknown ? 1 : 0 }
      },
    }
  },
)
