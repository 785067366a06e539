import type { Note, StrategyMeta } from '../contract.ts'
import { answerNotes } from '../reading/answering.ts'
import { elementGraph, type Fact } from '../reading/elements.ts'
import { fenced } from '../reading/notes.ts'
import { asksForAll } from '../reading/queries.ts'
import { reading } from '../reading/run.ts'
import { copyInto, isEnough, Notebook, planned, toldNotes } from '../reading/searching.ts'

export const meta = {
  name: 'explore',
  summary:
    'A chain of facts is followed from the things that the question names, step by step, and back from dead ends.',
  paper: 'Sanmartin 2024, KG-RAG: Bridging the Gap Between Knowledge and Creativity, arXiv 2405.12035',
  needs: ['model'],
  use: 'For questions that one chain of facts answers, where the chain itself should be shown.',
  calls: 'steps * 2 + 2',
  options: { steps: 10 },
  flow: 'question > names in it > facts of a name > ? enough > chain of facts > answer',
} as const satisfies StrategyMeta

const system = `You plan a walk over facts that ends at the answer of a question. Reply with the relations to follow, one on a line, in order, each in a few words.`

interface Stop {
  readonly element: string
  /** The facts that led here, in order. */
  readonly path: readonly Note[]
}

/**
 * Options: `steps` (10), `tokens` of a prompt (2,000), `elements` (`names`, or `model`: one call for each chunk more). Facts are sentences with
 * their spans, where the paper has triples of a model. A step that copies no new fact is a dead end; the walk goes on from the last place
 * with a way that was not taken.
 */
const explore = reading(meta.name, async (run) => {
  const { question } = run.request
  const { counter } = run.parts
  const room = Math.min(run.option('tokens', 2000), run.room)
  const elements = await elementGraph(run, {
    tokens: Math.max(60, Math.min(1000, run.room)),
    model: run.option<string>('elements', 'names') === 'model',
  })
  const plan = await planned(run, 'relations to follow', `Question: ${question}\n\nRelations:`, system)
  const book = new Notebook()
  const shownFacts = new Set<number>()
  const visited = new Set<string>()
  let path: readonly Note[] = []
  const told: string[] = []
  const stack: Stop[] = elements
    .elementsIn(question)
    .reverse()
    .map((element) => ({ element, path: [] }))

  for (let step = 0; step < run.option<number>('steps', meta.options.steps) && run.stopped === undefined; ) {
    const stop = stack.pop()
    if (!stop) break
    const facts = reachable(stop)
    if (visited.has(stop.element) || facts.length === 0) continue
    visited.add(stop.element)
    step++
    for (const { index } of facts) shownFacts.add(index)
    const noted = await copyInto(book, run, facts, question, {
      purpose: `step ${step} from ${elements.told(stop.element)}`,
      ask: 'Copy the facts that lead towards the answer, one on a line, or reply NONE:',
      view: [
        `Relations to follow: ${plan.slice(0, 600)}`,
        stop.path.length > 0 ? `Path so far:\n${fenced(toldNotes(run, stop.path, 500))}` : '',
      ]
        .filter(Boolean)
        .join('\n'),
    })
    told.push(
      `${elements.told(stop.element)}: ${noted.length === 0 ? 'a dead end' : noted.map(({ text }) => text.replace(/\s+/g, ' ')).join(' | ')}`,
    )
    if (noted.length === 0) continue
    const own = [...stop.path, ...noted]
    if (own.length > path.length) path = own
    if (!asksForAll(question) && (await isEnough(run, own, question))) {
      path = own
      break
    }
    const next = [...new Set(noted.flatMap(({ text }) => elements.elementsIn(text)))].filter(
      (element) => !visited.has(element),
    )
    stack.push(...next.reverse().map((element) => ({ element, path: own })))
  }
  run.emit({ type: 'planned', plan: 'the walk', steps: told })
  const rest = book.notes.filter((note) => !path.includes(note))
  const view =
    path.length < 2
      ? ''
      : `The path that was followed:\n${fenced(path.map(({ text }, index) => `${index + 1}. ${text.replace(/\s+/g, ' ')}`).join('\n'))}\n`
  return answerNotes(run, [...path, ...rest], view)

  /** Facts of a place that were not seen, those that share most with the question and the plan first, as many as fit. */
  function reachable({ element }: Stop): Fact[] {
    const facts = elements.factsOf(element).filter(({ index }) => !shownFacts.has(index))
    let left = room * 0.6
    return elements
      .ranked(`${question} ${plan}`, facts)
      .filter(({ text }) => {
        if (left < 8) return false
        const tokens = counter.count(text) + 3
        if (tokens > left) return false
        left -= tokens
        return true
      })
      .sort((a, b) => a.index - b.index)
  }
})
export default explore
