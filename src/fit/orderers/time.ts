import { byStart } from '../../core/index.ts'
import type { Orderer, OrdererMeta } from '../contract.ts'

export const meta = {
  name: 'time',
  summary: 'Oldest source first, newest last; sources without a time before all, in document order.',
  needs: ['time'],
} as const satisfies OrdererMeta

/** By the time of each passage's first source. Where no times can be asked for, document order. */
const time: Orderer = {
  async order(passages, context) {
    const times = new Map<string, number>()
    for (const { spans } of passages)
      if (!times.has(spans[0].source))
        times.set(spans[0].source, (await context.time?.(spans[0].source)) ?? Number.NEGATIVE_INFINITY)
    const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1)
    return passages.toSorted(
      (a, b) =>
        compare(times.get(a.spans[0].source)!, times.get(b.spans[0].source)!) ||
        context.sourceRank(a.spans[0].source) - context.sourceRank(b.spans[0].source) ||
        byStart(a, b),
    )
  },
}
export default time
