// A reading that may be killed at any moment: node kill-child.ts JOURNAL PARTS; prints its answer as JSON.
import { ask } from '../../src/ask/index.ts'
import { makeSource, split } from '../../src/core/index.ts'
import { languageModel, modelPort } from '../../src/model/index.ts'
import { shelf } from './shelf.ts'

const [journal = '', count = '500'] = process.argv.slice(2)
const items = await Promise.all(
  Array.from({ length: Number(count) }, async (_, index) => {
    const tells = index % 100 === 7 ? `The ferry number ${index} leaves at noon.` : 'Nothing of note.'
    const text = `Report ${index} of the harbour.\n${tells}\nThe weather was fair.\n`
    const source = await makeSource({ uri: `${index}.md`, text, mediaType: 'text/plain' })
    return { source, chunks: split(source) }
  }),
)
const parts = await shelf(items)
const port = await modelPort(await languageModel('compatible/m', process.env), { journal, concurrency: 8 })
const request = { question: 'When do ferries leave?', budget: 2000, limit: 20, limits: { concurrency: 8 } }
const { text, found, citations } = await ask({ ...parts, model: port }, request, { strategy: 'map-reduce' })
await port.close()
console.log(JSON.stringify({ text, found, citations }))
