// A claim is judged sentence by sentence, over evidence for and against it. One sentence that is refuted refutes the
// claim.
import { show } from './show.ts'

await show({
  strategy: 'verify',
  question: 'The Havørn runs on batteries. She arrives in May 2026.',
  path: 'interview.vtt',
  options: { read: 'all', chunk: 60 },
  reply({ intent, prompt }) {
    const [power] = prompt.match(/the Havørn will run on batteries/) ?? []
    const [arrival] = prompt.match(/She charges [\w ]+ and arrives in May 2027/) ?? []
    if (intent === 'extract') return [power, arrival].filter(Boolean).join('\n') || 'NONE'
    if (prompt.includes('Claim: The Havørn') && power) return `SUPPORTED\nSo says her captain [1: "${power}"].`
    if (prompt.includes('Claim: She arrives') && arrival) return `REFUTED\nIt is a year later [1: "${arrival}"].`
    return 'NOT ENOUGH'
  },
})
