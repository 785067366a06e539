import type { TaskMeta } from '../contract.ts'
import { inGroups } from '../generators/groups.ts'
import { checkThread, planned, scenes, written } from '../generators/thread.ts'

export const meta = {
  name: 'golden-thread',
  summary:
    'A long text of many units to be written, with events that must stand in one unit, in a run or periodically.',
  paper: 'Wu et al. 2024, Spinning the Golden Thread, arXiv 2409.02076',
  options: { scene: 'all', units: 26, single: 5, range: 2, periodic: 2 },
  metrics: [],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

/** `scene` is diary, menu, building, or all (in turns). The paper states the events in a short prompt; ours hides them in the text. */
export default inGroups(meta.name, async ({ request, weaver, random, id, number }) => {
  const { length, options } = request
  const scene = scenes.find(({ name }) => name === options.scene) ?? scenes[number % scenes.length]!
  const units = Number(options.units)
  const counts = { single: Number(options.single), range: Number(options.range), periodic: Number(options.periodic) }
  const events = planned(scene, units, counts, random)
  const unit = scene.unit.toLowerCase()
  const asked = {
    instruction: `You will write ${scene.work}, ${units} ${unit}s long. What must stand in it is said here and there in the text below, each time in a line of its own.`,
    question: `Write ${scene.work} from ${unit} 1 to ${unit} ${units} without leaving one out. Begin each ${unit} with a line such as "${scene.unit} 1:", write a few sentences for it, and name each thing that must be there in the words in which the text names it.`,
  }
  const blocks = events.map(({ statement }) => ({ text: statement, depth: random() }))
  const { corpus, spans, tokens } = await weaver.text(id, blocks, [asked], random)
  return [
    {
      id,
      cell: meta.name,
      corpus,
      ...asked,
      answers: events.map(({ thing }) => [thing]),
      evidence: spans,
      needs: events.map((_, index) => [index]),
      tags: { length, scene: scene.name, units },
      tokens: tokens[0]!,
      solve: (seen) =>
        written(
          scene,
          units,
          events.filter((_, index) => seen[index]),
        ),
      check: (said) => checkThread(scene, units, events, said),
    },
  ]
})
