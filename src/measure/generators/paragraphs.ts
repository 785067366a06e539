import type { TokenCounter } from '../../core/index.ts'
import { answersIn, holdsAnswer } from '../answers.ts'
import type { Sample, TaskRequest } from '../contract.ts'
import { hashOf, seededRandom, shuffled } from '../random.ts'
import { around, type Draw } from './draw.ts'
import { ListPlacer, type Walk } from './listing.ts'

/** Texts among which those that answer a question stand. */
export interface Library {
  readonly documents: readonly string[]
  readonly questions: readonly {
    readonly question: string
    /** Each of them answers it. */
    readonly answers: readonly string[]
    /** Numbers of the documents that it takes. */
    readonly gold: readonly number[]
  }[]
}

/**
 * Questions on documents among others, in a seeded order; the others hold no answer, and come again from the first when
 * all have been used. A short `order` says in which order the others are taken; default: at random.
 */
export function asker(
  name: string,
  request: TaskRequest,
  { documents, questions }: Library,
  layout: {
    readonly label: (place: number) => string
    readonly depths: (draw: Draw, gold: number) => readonly number[]
    readonly order?: (question: string) => readonly number[]
  },
): (draw: Draw) => Promise<Sample> {
  const placer = new ListPlacer(request)
  const { length, counter, seed } = request
  const asked = shuffled(questions, seededRandom(hashOf(`${name} ${seed}`)))
  const holds = documents.map((text) => answersIn(text))
  const costs = new Map<number, number>()
  return async (draw) => {
    const { id, index, random } = draw
    const { question, answers, gold } = asked[index % asked.length]!
    const order = layout.order?.(question) ?? shuffled([...documents.keys()], random)
    const others = order.filter((number) => !gold.includes(number) && !holds[number]!(answers))
    const frame = {
      instruction: 'Answer the question from the documents below. Give the answer and nothing else.',
      question: `Question: ${question}`,
      cue: 'Answer:',
    }
    const where = layout.depths(draw, gold.length)
    const { corpus, spans, tokens, places, entries } = await placer.place({
      name: id,
      around: around(frame),
      items: gold.map((number, at) => ({ text: documents[number]!, depth: where[at]! })),
      others: round(others, documents, costs, counter),
      glue,
      label: layout.label,
      cut: (beginning) => beginning.replace(/\S*$/, '').trim(),
    })
    return {
      ...frame,
      id,
      cell: name,
      corpus,
      answers: [answers],
      evidence: spans,
      tags: {
        length,
        depth: where[0]!,
        position: places[0]!,
        documents: entries,
        repeated: entries - gold.length > others.length,
        literal: gold.some((number) => holdsAnswer(documents[number]!, answers)),
      },
      tokens,
    }
  }
}

const glue = '\n\n'

/** Documents by their numbers, round and round. */
function round(
  numbers: readonly number[],
  documents: readonly string[],
  costs: Map<number, number>,
  counter: TokenCounter,
): Walk {
  const at = (number: number): number => numbers[number % numbers.length]!
  return {
    text: (number) => documents[at(number)]!,
    cost(number) {
      const known = costs.get(at(number))
      if (known !== undefined) return known
      const cost = counter.count(documents[at(number)]! + glue)
      costs.set(at(number), cost)
      return cost
    },
  }
}
