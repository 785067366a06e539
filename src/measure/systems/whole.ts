import type { SystemFactory, SystemMeta } from '../contract.ts'
import { delivered } from '../corpus.ts'
import { packOf, passageOf } from '../pick.ts'

export const meta = {
  name: 'whole',
  summary: 'All of the text, whatever the budget: what a reader with a large window is given.',
  options: {},
  answers: false,
} as const satisfies SystemMeta

const factory: SystemFactory = async () => ({
  async run(sample, { shelf }) {
    const kept = delivered(sample).map(({ id, text }) =>
      passageOf({ source: id, start: 0, end: text.length }, 1, meta.name),
    )
    const count = shelf.tokens()
    return { pack: packOf(kept, [], count, count, shelf) }
  },
})
export default factory
