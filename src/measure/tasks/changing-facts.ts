import type { Distractor, Sample, TaskMeta } from '../contract.ts'
import { delivered as deliveredTo, promptOf, textOf } from '../corpus.ts'
import { checkFact, factQuestions, turnOf } from '../generators/facts-stream.ts'
import { inGroups } from '../generators/groups.ts'
import { names } from '../generators/words.ts'
import { shuffled } from '../random.ts'

export const meta = {
  name: 'changing-facts',
  summary: 'Facts that come turn by turn and replace each other; four abilities, and only what came last holds.',
  paper: 'Hu et al. 2025, MemoryAgentBench, arXiv 2507.05257',
  options: { ability: 'all', checkpoints: 1 },
  metrics: ['reference-said'],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

/** Names of people last for so many. */
const mostCheckpoints = 12

/**
 * `ability` is all or one of the four. With `checkpoints` above 1 facts are spread over so many parts of the stream and each
 * part's are asked when it has come: only the last prompt then has the length asked for, and `tokens` says what each has.
 */
export default inGroups(meta.name, async ({ request, weaver, random, id }) => {
  const { length, options, counter } = request
  const checkpoints = Math.min(mostCheckpoints, Math.max(1, Number(options.checkpoints)))
  const people = shuffled(names, random)
  const facts = Array.from({ length: checkpoints }, (_, part) =>
    factQuestions
      .map((make) => ({ part, ...make(random, () => people.pop()!) }))
      .filter(({ ability }) => options.ability === 'all' || ability === options.ability),
  ).flat()
  const asked = facts.map(({ question }) => ({
    instruction:
      'Below is what a user told you, turn by turn, with the time of each. What is told later replaces what was told before.',
    question: `User: ${question}`,
    cue: 'Assistant:',
  }))
  const told = facts.flatMap((fact, of) => fact.turns.map((turn) => ({ ...turn, of, part: fact.part })))
  const inTime = told.filter(({ depth }) => depth <= 1)
  const blocks = inTime.map(({ text, depth, part }) => ({ text: turnOf(text), depth: (part + depth) / checkpoints }))
  const later = told.filter(({ depth }) => depth > 1).map(({ text }) => turnOf(text))
  const { corpus, spans, tokens, delivered, places } = await weaver.talk(id, { blocks, later }, asked, random)
  return facts.map((fact, of): Sample => {
    const own = inTime.flatMap((turn, at) =>
      turn.of === of ? [{ ...turn, span: spans[at]!, place: places[at]! }] : [],
    )
    const last = fact.part === checkpoints - 1
    const parts = inTime.flatMap((turn, at) => (turn.part <= fact.part ? [places[at]!] : []))
    const there = last ? delivered : Math.max(...parts) + 1
    const sample: Sample = {
      id: `${id}-${of}`,
      cell: meta.name,
      corpus,
      ...asked[of]!,
      answers: [[fact.answer]],
      evidence: own.filter(({ lure }) => lure === undefined).map(({ span }) => span),
      distractors: own.flatMap(({ span, lure }): Distractor[] => (lure === undefined ? [] : [{ span, says: lure }])),
      delivered: there,
      tags: { length, ability: fact.ability, hops: fact.hops, checkpoint: fact.part, turns: own.length },
      solve: fact.solve,
      check: (said) => checkFact(fact, said),
    }
    const count = last ? tokens[of]! : counter.count(promptOf(sample, textOf(deliveredTo(sample))))
    return { ...sample, tokens: count }
  })
})
