// The model that is played here overlooks the passage in the middle, where the answer stands. The passages are shown
// in several orders, and of the answers the one that is most like all others is given.
import { show } from './show.ts'

await show({
  strategy: 'vote',
  question: 'How fast may the ferry sail in fog?',
  limit: 5,
  options: { votes: 6 },
  limits: { concurrency: 1 },
  replies: true,
  reply({ prompt }) {
    const passages = prompt.split(/\n(?=\[\d+\] )/).slice(1)
    passages.splice(2, 1)
    const [rule] = passages.join('\n').match(/slows to six knots/) ?? []
    return rule ? `She slows to six knots [1: "${rule}"].` : 'NOT FOUND. No passage tells how fast.'
  },
})
