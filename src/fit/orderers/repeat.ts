import { byStart } from '../../core/index.ts'
import type { Orderer, OrdererMeta } from '../contract.ts'

export const meta = {
  name: 'repeat',
  summary: 'Everything twice, so that a reader with a small memory meets each passage after it has seen the others.',
  paper: 'Just Read Twice: Closing the Recall Gap for Recurrent Language Models, arXiv 2407.05483',
} as const satisfies OrdererMeta

/**
 * Document order, then the same again as marked copies; copies count against the budget. What came in as a copy, and derived text, are
 * not doubled. The paper repeats the question too; ours leaves it to the prompt.
 */
const repeat: Orderer = {
  order(passages, { sourceRank }) {
    const once = passages.toSorted(
      (a, b) => sourceRank(a.spans[0].source) - sourceRank(b.spans[0].source) || byStart(a, b),
    )
    return [
      ...once,
      ...once
        .filter(({ copy, derived }) => !copy && derived === undefined)
        .map((passage) => ({ ...passage, copy: true })),
    ]
  },
}
export default repeat
