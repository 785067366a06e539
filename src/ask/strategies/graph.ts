import type { Note, StrategyMeta } from '../contract.ts'
import { answerNotes } from '../reading/answering.ts'
import { elementGraph, type Fact } from '../reading/elements.ts'
import { asksForAll } from '../reading/queries.ts'
import { reading } from '../reading/run.ts'
import { copyFrom, isEnough, Notebook, type Piece, planned, toldNotes } from '../reading/searching.ts'

export const meta = {
  name: 'graph',
  summary:
    'A graph of names and facts is walked from the question: facts first, then the text around them, then neighbours.',
  paper:
    'Li et al. 2024, GraphReader: Building Graph-based Agent to Enhance Long-Context Abilities of LLMs, arXiv 2406.14550',
  needs: ['model'],
  use: 'For questions that join facts about names, in a text that is long but fits in memory, with a model of a small window.',
  calls: 'nodes * 3 + 2',
} as const satisfies StrategyMeta

const system = `You plan how to answer a question from a long text. In a few sentences, name the key things to look for, and in which order.`

/**
 * Options: `nodes` visited (10), `tokens` of a prompt (3,000) and of a chunk (a third of it), `elements` (`names`, or `model`: one call for
 * each chunk more). The paper has the model choose nodes and chunks; ours goes to the rarest elements of the question and of what was noted,
 * and reads the chunks of noted facts with the chunk behind.
 */
const graph = reading(meta.name, async (run) => {
  const { question } = run.request
  const { counter } = run.parts
  const room = Math.min(run.option('tokens', 3000), run.room)
  const elements = await elementGraph(run, {
    tokens: Math.max(60, Math.floor(room / 3)),
    model: run.option<string>('elements', 'names') === 'model',
  })
  const plan = await planned(run, 'plan', `Question: ${question}\n\nPlan:`, system)
  const book = new Notebook()
  const visited = new Set<string>()
  const read = new Set<number>()
  const shownFacts = new Set<number>()
  const queue = [...elements.elementsIn(question), ...elements.elementsIn(plan)]
  run.emit({ type: 'planned', plan: plan.trim() === '' ? question : plan, steps: [...new Set(queue)].slice(0, 12) })

  const view = () => (book.notes.length === 0 ? '' : `Notebook:\n${toldNotes(run, book.notes, Math.floor(room / 4))}`)
  const copy = async (pieces: readonly Piece[], purpose: string): Promise<Note[]> =>
    book.add(await copyFrom(run, pieces, question, { purpose, at: book.notes.length, view: view() }))

  while (visited.size < run.option('nodes', 10) && run.stopped === undefined) {
    const element = queue.shift()
    if (element === undefined) break
    if (visited.has(element)) continue
    visited.add(element)
    const facts = within(elements.factsOf(element).filter(({ index }) => !shownFacts.has(index)))
    for (const { index } of facts) shownFacts.add(index)
    const noted = await copy(facts, `facts of ${element}`)
    for (const fact of facts.filter(({ span }) =>
      noted.some(({ evidence }) =>
        evidence.some(({ source, start }) => source === span.source && start >= span.start && start < span.end),
      ),
    ))
      for (const at of [fact.chunk, fact.chunk + 1]) {
        const chunk = elements.chunks[at]
        if (!chunk || read.has(at) || chunk.span.source !== fact.span.source) continue
        read.add(at)
        run.emit({ type: 'read', spans: [chunk.span], label: chunk.label, index: chunk.index })
        noted.push(...(await copy([chunk], `around ${element}`)))
      }
    // What was noted leads on: its elements come before those that wait, the rarest first.
    const next = noted
      .flatMap(({ text }) => elements.elementsIn(text))
      .filter((other) => elements.factsOf(other).length > 1)
    queue.unshift(...new Set(next))
    if (noted.length > 0 && !asksForAll(question) && (await isEnough(run, book.notes, question))) break
    if (queue.length === 0) queue.push(...elements.neighbours(element).slice(0, 5))
  }
  return answerNotes(run, book.notes)

  /** The facts that share most with the question and the notebook, as many as fit, in reading order. */
  function within(facts: readonly Fact[]): Fact[] {
    const wanted = new Set(elements.elementsIn(`${question} ${book.notes.map(({ text }) => text).join(' ')}`))
    const shared = facts.map((fact) => fact.elements.filter((element) => wanted.has(element)).length)
    const order = facts.map((_, at) => at).sort((a, b) => shared[b]! - shared[a]! || a - b)
    let left = room * 0.6
    const chosen = order.filter((at) => {
      left -= counter.count(facts[at]!.text) + 3
      return left >= 0
    })
    return chosen.sort((a, b) => a - b).map((at) => facts[at]!)
  }
})
export default graph
