import type { SystemFactory, SystemMeta } from '../contract.ts'
import { greedy, present } from '../pick.ts'

export const meta = {
  name: 'head',
  summary: 'The first sentences, until the budget is full: what a cut at the end leaves.',
  options: {},
  answers: false,
} as const satisfies SystemMeta

const factory: SystemFactory = async () => ({
  async run(sample, { shelf, budget }) {
    const sentences = present(sample, shelf.sentences())
    return { pack: greedy(sentences, [...sentences.keys()], budget, shelf, meta.name, true) }
  },
})
export default factory
