import { open } from '../src/index.ts'

const library = await open('examples/library')
const { files, problems } = await library.refresh()
console.log(`${files} files, ${problems.length} problems`)

for await (const event of library.ask('What must the engineer do when smoke is seen below deck?')) {
  if (event.type !== 'answer') continue
  const { text, citations } = event.answer
  console.log(text)
  for (const citation of citations) console.log(`- ${await library.cite(citation.passage)}`)
}

const pack = await library.pack('fog visibility', { budget: 300 })
console.log(`${pack.tokens.count} of ${pack.budget} tokens, ${pack.kept.length} passages kept`)
await library.close()
