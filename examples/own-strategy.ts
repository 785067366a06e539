// A way of answering of your own, from outside the package. A small program plays the model here.
import { answerPassages, reading } from '../src/ask/index.ts'
import { open } from '../src/index.ts'
import { scriptedModel } from '../src/testing/index.ts'

/** Searches for the question and for each of its words alone, and answers from all that was found. */
const everyWord = reading('every-word', async (run) => {
  const words = run.request.question.match(/\p{L}{5,}/gu) ?? []
  run.emit({ type: 'planned', plan: 'Search for every long word of the question.', steps: words, calls: 1 })
  const found = [await run.retrieve(run.request.question, 3)]
  for (const word of words) found.push(await run.retrieve(word, run.option('each', 1)))
  return answerPassages(run, found.flat())
})

const model = scriptedModel(({ prompt }) => {
  const [quote = ''] = prompt.match(/the engineer closes the fuel valves first/) ?? []
  return `The engineer closes the fuel valves [1: "${quote}"]. Then he sings [1: "he sings"].`
})

const library = await open('examples/library')
await library.refresh()
const asking = library.ask('What does the engineer close in case of smoke?', { strategy: everyWord, model })
for await (const event of asking) {
  if (event.type === 'planned') console.log(event.plan, event.steps)
  if (event.type === 'retrieved') console.log(`searched for "${event.query}": ${event.spans.length}`)
  if (event.type === 'verified') console.log(`"${event.text}" ${event.verified ? 'stands there' : 'stands nowhere'}`)
  if (event.type === 'answer') console.log(event.answer.text, event.answer.usage.calls, 'call')
}
await library.close()
