import { overlap } from '../../core/index.ts'
import type { Note, StrategyMeta } from '../contract.ts'
import { answerNotes } from '../reading/answering.ts'
import { elementGraph, type Fact } from '../reading/elements.ts'
import { fenced } from '../reading/notes.ts'
import { asksForAll } from '../reading/queries.ts'
import { reading } from '../reading/run.ts'
import { copyInto, isEnough, Notebook, type Piece, planned, toldNotes } from '../reading/searching.ts'

export const meta = {
  name: 'graph',
  summary:
    'A graph of names and facts is walked from the question: facts first, then the text around them, then neighbours.',
  paper:
    'Li et al. 2024, GraphReader: Building Graph-based Agent to Enhance Long-Context Abilities of LLMs, arXiv 2406.14550',
  needs: ['model'],
  use: 'For questions that join facts about names, in a text that is long but fits in memory, with a model of a small window.',
  calls: 'nodes * 2 + chunks + 2',
  options: { nodes: 10 },
  flow: 'question > plan > facts of a name > text around them > ? enough > notebook > answer',
} as const satisfies StrategyMeta

const system = `You plan how to answer a question from a long text. In a few sentences, name the key things to look for, and in which order.`

/**
 * Options: `nodes` visited (10), `tokens` of a prompt (3,000) and of a chunk (a third of it), `elements` (`names`, or `model`: one call for
 * each chunk more). The paper has the model choose nodes and chunks; ours begins at the facts that share most with the question, then goes to the rarest elements of it and of what was noted,
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
  const told = (element: string) => elements.told(element)
  const queue = [start, ...elements.elementsIn(question), ...elements.elementsIn(plan)]
  run.emit({
    type: 'planned',
    plan: plan.trim() === '' ? question : plan,
    steps: [...new Set(queue.map(told))].slice(1, 13),
  })

  const view = () =>
    book.notes.length === 0 ? '' : `Notebook:\n${fenced(toldNotes(run, book.notes, Math.floor(room / 4)))}`
  const copy = async (pieces: readonly Piece[], purpose: string): Promise<Note[]> =>
    copyInto(book, run, pieces, question, { purpose, view: view() })

  while (visited.size < run.option<number>('nodes', meta.options.nodes) && run.stopped === undefined) {
    const element = queue.shift()
    if (element === undefined) break
    if (visited.has(element)) continue
    visited.add(element)
    const wanted = `${question} ${book.notes.map(({ text }) => text).join(' ')}`
    const all = element === start ? elements.facts : elements.factsOf(element)
    const ranked = elements.ranked(
      wanted,
      all.filter(({ index }) => !shownFacts.has(index)),
    )
    const facts = within(ranked)
    for (const { index } of facts) shownFacts.add(index)
    const noted = await copy(facts, `facts of ${told(element)}`)
    const telling = facts.filter(({ span }) =>
      noted.some(({ evidence }) => evidence.some((own) => overlap(own, span) > 0)),
    )
    // While nothing is known, the text around the best fact is read all the same.
    for (const fact of telling.length > 0 || book.notes.length > 0 ? telling : ranked.slice(0, 1))
      for (const at of [fact.chunk, fact.chunk + 1]) {
        const chunk = elements.chunks[at]
        if (!chunk || read.has(at) || chunk.span.source !== fact.span.source) continue
        read.add(at)
        run.emit({ type: 'read', spans: [chunk.span], label: chunk.label, index: chunk.index })
        noted.push(...(await copy([chunk], `around ${told(element)}`)))
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

  /** The best facts, as many as fit, in reading order. */
  function within(ranked: readonly Fact[]): Fact[] {
    let left = room * 0.6
    const chosen = ranked.filter(({ text }) => {
      if (left < 8) return false
      const tokens = counter.count(text) + 3
      if (tokens > left) return false
      left -= tokens
      return true
    })
    return chosen.sort((a, b) => a.index - b.index)
  }
})
export default graph

/** Where a walk begins: at the facts that share most with the question. */
const start = 'the question'
