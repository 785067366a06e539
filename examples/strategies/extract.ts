// No model: the sentences that answer best are given word for word, each with its place. What no file tells is not
// found, with the word that stands nowhere.
import { show } from './show.ts'

await show({
  strategy: 'extract',
  question: 'What must the engineer do when smoke is seen below deck?',
})
await show({
  strategy: 'extract',
  question: 'How much does it cost to rent a kayak?',
})
