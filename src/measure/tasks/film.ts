import type { TaskMeta } from '../contract.ts'
import { around, chosen, drawing } from '../generators/draw.ts'
import { Entries, ListPlacer } from '../generators/listing.ts'
import { type Probe, probes, type Style, styles } from '../generators/probes.ts'
import { hashOf, integer, seededRandom } from '../random.ts'

export const meta = {
  name: 'film',
  summary: 'A sentence, a line of code or a row of a table, found by what stands before it, after it, or around it.',
  paper: 'An et al. 2024, Make Your LLM Fully Utilize the Context, arXiv 2404.16811',
  options: { style: 'all', direction: 'own' },
  metrics: ['references-said'],
  diffusion: 'low',
  scope: 'low',
} as const satisfies TaskMeta

const directions = ['forward', 'backward', 'two-way'] as const
type Direction = (typeof directions)[number]
/** How the paper asks in each style. */
const own: Readonly<Record<Style, Direction>> = { document: 'two-way', code: 'backward', database: 'forward' }

const told: Readonly<Record<Style, string>> = {
  document: 'Below are sentences, each after a mark in square brackets.',
  code: 'Below is a module of functions.',
  database: 'Below is a table with an id, a name and a description in each row.',
}
interface Asked {
  readonly question: string
  readonly answers: readonly string[]
}
const ask: Readonly<Record<Style, Readonly<Record<Direction, (probe: Probe) => Asked>>>> = {
  document: {
    forward: ({ id, before, middle, after }) => ({
      question: `Which sentence stands after the mark [${id}]? Give it word for word.`,
      answers: [`${before} ${middle} ${after}`],
    }),
    backward: ({ id, before, middle, after }) => ({
      question: `Which mark stands before this sentence? ${before} ${middle} ${after}`,
      answers: [id],
    }),
    'two-way': ({ before, middle, after }) => ({
      question: `One sentence holds the words "${middle}". Which words of it stand before these, and which after? Give the whole sentence.`,
      answers: [before, after],
    }),
  },
  code: {
    forward: ({ id, after }) => ({ question: `Which line ends the function ${id}?`, answers: [after] }),
    backward: ({ id, middle }) => ({ question: `Which function has the line "${middle}"?`, answers: [id] }),
    'two-way': ({ id, middle, after }) => ({
      question: `Which function has the line "${middle}", and which line comes next?`,
      answers: [id, after],
    }),
  },
  database: {
    forward: ({ id, middle, after }) => ({
      question: `Which name and which description stand in the row with the id ${id}?`,
      answers: [middle, after],
    }),
    backward: ({ id, after }) => ({ question: `Which id has the row with the description "${after}"?`, answers: [id] }),
    'two-way': ({ id, middle, after }) => ({
      question: `Which id and which description stand in the row with the name "${middle}"?`,
      answers: [id, after],
    }),
  },
}

/** The paper's probing tasks at any length, and in each style all three directions; `own` is the one that the paper has. */
export default drawing(meta.name, (request) => {
  const { options, counter, haystack, seed } = request
  const lists = Object.fromEntries(
    styles.map((style) => {
      const make = probes(style, haystack, seededRandom(hashOf(`${meta.name} ${seed} ${style}`)))
      return [style, { entries: new Entries(make, ({ text }) => text, counter, '\n'), placer: new ListPlacer(request) }]
    }),
  ) as Readonly<Record<Style, { readonly entries: Entries<Probe>; readonly placer: ListPlacer }>>
  return async ({ id, index, random, depth }) => {
    const style = chosen(options, 'style', styles, index)
    const direction =
      options.direction === 'own'
        ? own[style]
        : chosen(options, 'direction', directions, Math.floor(index / styles.length))
    const { entries, placer } = lists[style]
    let number = integer(0, 999, random)
    while (!entries.value(number).askable) number++
    const probe = entries.value(number)
    const { question, answers } = ask[style][direction](probe)
    const frame = { instruction: told[style], question, cue: 'Answer:' }
    const { corpus, spans, tokens, places } = await placer.place({
      name: id,
      around: around(frame),
      items: [{ text: probe.text, depth }],
      others: entries.walk(
        integer(0, 999, random),
        (other) => other !== probe && !other.text.includes(probe.middle) && !other.text.includes(probe.after),
      ),
      glue: '\n',
      cut: (beginning) => beginning.replace(/\S*$/, '').trim(),
    })
    return {
      ...frame,
      id,
      cell: `${meta.name}, ${style}, ${direction}`,
      corpus,
      answers: answers.map((answer) => [answer]),
      evidence: spans,
      tags: { length: request.length, depth, style, direction, position: places[0]! },
      tokens,
    }
  }
})
