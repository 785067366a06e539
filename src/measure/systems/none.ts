import type { SystemFactory, SystemMeta } from '../contract.ts'
import { packOf } from '../pick.ts'

export const meta = {
  name: 'none',
  summary: 'No text at all: what a reader knows by itself, which shows the questions that need no reading.',
  options: {},
  answers: false,
} as const satisfies SystemMeta

const factory: SystemFactory = async () => ({
  async run(_sample, { shelf, budget }) {
    return { pack: packOf([], [], Math.max(0, budget), 0, shelf) }
  },
})
export default factory
