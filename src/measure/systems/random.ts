import type { SystemFactory, SystemMeta } from '../contract.ts'
import { greedy, present } from '../pick.ts'
import { hashOf, seededRandom, shuffled } from '../random.ts'

export const meta = {
  name: 'random',
  summary: 'Sentences drawn by lot, until the budget is full: the floor that any method has to leave.',
  options: {},
  answers: false,
} as const satisfies SystemMeta

const factory: SystemFactory = async () => ({
  async run(sample, { shelf, budget, seed }) {
    const sentences = present(sample, shelf.sentences())
    const order = shuffled([...sentences.keys()], seededRandom(hashOf(`${seed} ${sample.id}`)))
    return { pack: greedy(sentences, order, budget, shelf, meta.name) }
  },
})
export default factory
