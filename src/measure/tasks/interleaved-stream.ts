import type { Sample, TaskMeta } from '../contract.ts'
import { inGroups } from '../generators/groups.ts'
import { type SmallTask, smallTasks } from '../generators/stream-kinds.ts'
import { depthsBefore, stamp } from '../generators/weave.ts'
import { nouns } from '../generators/words.ts'
import { shuffled } from '../random.ts'

export const meta = {
  name: 'interleaved-stream',
  summary: 'A conversation in which many small tasks run side by side, and each is asked about at the end.',
  paper: 'Castillo-Bolado et al. 2024, Beyond Prompts (LTM benchmark), arXiv 2409.20222',
  options: { mode: 'interleaved', gap: 500 },
  metrics: ['references-said'],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

const heard = 'Noted.'
const say = (turn: string): string => `User: ${turn}\nAssistant: ${heard}`

/**
 * `mode` interleaved: turns of one task stand `gap` tokens apart, those of the others and small talk between them; less
 * where the length does not hold so much, and more where the turns of all tasks need it (the tag says how many).
 * `isolated`: each task has a conversation to itself, and its turns come last, one after the other. What is changed after
 * the question comes in Sources that are not delivered yet.
 */
export default inGroups(meta.name, async ({ request, weaver, random, id }) => {
  const { length, options, counter } = request
  const words = shuffled(nouns, random)
  const small = smallTasks.map((make) => make(() => words.pop()!, random))
  const isolated = options.mode === 'isolated'
  const samples: Sample[] = []
  for (const [number, group] of (isolated ? small.map((one) => [one]) : [small]).entries()) {
    const asked = group.map(({ question }) => ({
      instruction: 'You are an assistant in a long conversation. The time stands before each turn.',
      question: `User: ${question}`,
      cue: 'Assistant:',
    }))
    const turns = group.flatMap((one) => one.turns.map(say))
    const costs = turns.map((turn) => counter.count(`${stamp(0)} ${turn}\n\n`))
    const prose = weaver.room(asked, []) - costs.reduce((sum, cost) => sum + cost, 0)
    const most = Math.max(...group.map((one) => one.turns.length))
    // A turn of each task must find room within a gap.
    const least = (costs.reduce((sum, cost) => sum + cost, 0) / costs.length) * group.length * 1.2
    const gap = isolated ? 0 : Math.min(Math.max(least, Number(options.gap)), prose / (most + 1))
    const offsets = group.map(() => random() * gap * 0.9)
    const distances = group.flatMap((one, index) =>
      one.turns.map((_, at) => offsets[index]! + (one.turns.length - at) * gap),
    )
    const depths = depthsBefore(distances, costs, prose)
    const blocks = turns.map((text, at) => ({ text, depth: isolated ? 1 : depths[at]! }))
    const later = group.flatMap((one: SmallTask) => (one.later ?? []).map(say))
    const name = isolated ? `${id}-${number}` : id
    const { corpus, spans, tokens, delivered } = await weaver.talk(name, { blocks, later }, asked, random)
    let first = 0
    for (const [index, { kind, turns, answers, needs, lures = {}, solve, right }] of group.entries()) {
      const own = spans.slice(first, first + turns.length)
      samples.push({
        id: `${name}-${kind}`,
        cell: meta.name,
        corpus,
        ...asked[index]!,
        answers,
        evidence: own.filter((_, at) => lures[at] === undefined),
        distractors: own.flatMap((span, at) => (lures[at] === undefined ? [] : [{ span, says: lures[at] }])),
        ...(needs ? { needs } : {}),
        delivered,
        tags: {
          length,
          kind,
          mode: String(options.mode),
          gap: Math.round(gap),
          turns: turns.length,
          // From the first turn to the question.
          distance: Math.round(offsets[index]! + turns.length * gap),
        },
        tokens: tokens[index]!,
        solve,
        check: (said) => ({ right: right(said) }),
      })
      first += turns.length
    }
  }
  return samples
})
