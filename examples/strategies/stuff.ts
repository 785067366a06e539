// All of the text goes into one prompt. What does not fit into it is not read, and the answer says so.
import { show } from './show.ts'

await show({
  strategy: 'stuff',
  question: 'How fast may the ferry go in fog?',
  path: 'handbook.md',
  limits: { prompt: 200 },
  reply({ prompt }) {
    const [rule] = prompt.match(/slows to six knots/) ?? []
    return rule ? `In fog she goes at six knots [1: "${rule}"].` : 'NOT FOUND. No rule on fog is shown.'
  },
})
