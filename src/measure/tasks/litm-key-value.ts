import type { TaskMeta } from '../contract.ts'
import { around, drawing } from '../generators/draw.ts'
import { Entries, jsonObject, ListPlacer, pairText } from '../generators/listing.ts'
import { hashOf, integer, randomId, seededRandom } from '../random.ts'

export const meta = {
  name: 'litm-key-value',
  summary: 'One key of a JSON object of random keys and values, at every position.',
  paper: 'Liu et al. 2023, Lost in the Middle, arXiv 2307.03172',
  options: {},
  metrics: ['references-said'],
  diffusion: 'low',
  scope: 'low',
} as const satisfies TaskMeta

/** The paper asks for one of 75, 140 or 300 pairs; here a length decides how many there are, and the last pair is cut short. */
export default drawing(meta.name, (request) => {
  const random = seededRandom(hashOf(`${meta.name} ${request.seed}`))
  const make = (): readonly [key: string, value: string] => [randomId(random), randomId(random)]
  const others = new Entries(make, (pair) => pairText(...pair), request.counter, jsonObject.glue)
  const placer = new ListPlacer(request)
  return async ({ id, random, depth }) => {
    const [key, value] = [randomId(random), randomId(random)]
    const frame = {
      instruction: 'Below is a JSON object of keys and values. You will be asked for the value of one key.',
      question: `What is the value of the key "${key}"?`,
      cue: 'The value is',
    }
    const offset = integer(0, Math.ceil(request.length / 50), random)
    const { corpus, spans, tokens, places, entries } = await placer.place({
      ...jsonObject,
      name: id,
      around: around(frame),
      items: [{ text: pairText(key, value), depth }],
      others: others.walk(offset),
    })
    return {
      ...frame,
      id,
      cell: meta.name,
      corpus,
      answers: [[value]],
      evidence: spans,
      tags: { length: request.length, depth, position: places[0]!, pairs: entries },
      tokens,
    }
  }
})
