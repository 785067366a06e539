import type { LeafMeta, Passage } from '../../core/index.ts'
import type { Orderer } from '../contract.ts'

export const meta = {
  name: 'ends',
  summary: 'The best passages stand first and last, the weakest in the middle.',
  paper: 'Lost in the Middle: How Language Models Use Long Contexts, arXiv 2307.03172',
} as const satisfies LeafMeta

/**
 * The best passage first, the second best last, and so on inwards. The paper shows what is lost in the middle and leaves the cure
 * open; this is the plain one.
 */
const ends: Orderer = {
  order(passages) {
    const front: Passage[] = []
    const back: Passage[] = []
    passages
      .toSorted((a, b) => b.score - a.score)
      .forEach((passage, index) => {
        if (index % 2 === 0) front.push(passage)
        else back.push(passage)
      })
    return [...front, ...back.reverse()]
  },
}
export default ends
