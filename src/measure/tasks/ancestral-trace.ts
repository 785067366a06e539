import type { TaskMeta } from '../contract.ts'
import { ChainTeller } from '../generators/chain.ts'
import { around, chosen, drawing, wholeNumber } from '../generators/draw.ts'
import { languages } from '../generators/full-names.ts'
import { familyOf, traceOf, traces } from '../generators/kinship.ts'
import { NeedlePlacer } from '../generators/needles.ts'
import { numberSaid } from '../generators/saying.ts'
import { shuffled } from '../random.ts'

export const meta = {
  name: 'ancestral-trace',
  summary: 'Kinship told fact by fact in no order, to be traced over all of them.',
  paper: 'Li et al. 2024, NeedleBench, arXiv 2407.11963',
  options: { facts: 0, question: 'all', language: 'en' },
  metrics: ['references-said'],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

/**
 * With `facts` 0 the text is kinship alone, as many facts as the length holds (two and up); with a number, so many facts
 * stand in prose, at random depths or all at the depth asked for. Facts are told in no order.
 */
export default drawing(meta.name, (request) => {
  const { options } = request
  const facts = wholeNumber(options, 'facts', 0)
  const teller = new ChainTeller(request)
  const placer = new NeedlePlacer(request)
  return async ({ id, index, random }) => {
    const language = chosen(options, 'language', languages, Math.floor(index / traces.length))
    const kind = chosen(options, 'question', traces, index)
    const family = familyOf(random, language)
    const share = 0.5 + random() / 2
    const trace = (people: readonly string[]) => traceOf(kind, family, people, share, language)

    async function alone() {
      const ask = (people: readonly string[]): string => around(trace(people).frame)
      const arrange = (count: number): number[] => shuffled([...Array(count).keys()], random)
      return teller.tell(id, family, ask, arrange, random)
    }
    async function inProse() {
      const people = Array.from({ length: facts }, (_, number) => family.person(number))
      const needles = people.map((person, number) => ({
        text: family.fact(number, person, people[number - 1]),
        depth: request.depth ?? random(),
      }))
      const order = shuffled([...needles.keys()], random)
      const { source, spans, tokens } = await placer.hide(
        id,
        order.map((number) => needles[number]!),
        around(trace(people).frame),
        Math.floor(random() * request.haystack.sentences.length),
      )
      return { source, people, tokens, evidence: people.map((_, number) => spans[order.indexOf(number)]!) }
    }
    const { source, evidence, people, tokens } = await (facts === 0 ? alone() : inProse())
    const { frame, answer, solve, facts: needed } = trace(people)
    return {
      ...frame,
      id,
      cell: `${meta.name}, ${kind}`,
      corpus: { id, sources: [source] },
      answers: [[answer]],
      evidence: evidence.slice(0, needed),
      solve,
      ...(kind === 'distance' ? { check: (said: string) => numberSaid(said, Number(answer)) } : {}),
      tags: { length: request.length, question: kind, facts: people.length, language, filler: facts > 0 },
      tokens,
    }
  }
})
