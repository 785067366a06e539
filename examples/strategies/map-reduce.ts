// Every part is read by itself; each gives its evidence as JSON, and what was copied is verified and put before the last call.
import { show } from './show.ts'

await show({
  strategy: 'map-reduce',
  question: 'Has anything burnt on board?',
  path: 'incidents.jsonl',
  options: { chunk: 50 },
  reply({ intent, prompt }) {
    const [smoke] = prompt.match(/Smoke from [\w ]+/) ?? []
    if (intent === 'extract')
      return JSON.stringify({ evidence: smoke ? [smoke] : [], rationale: 'The ship stands beside it.', confidence: 4 })
    return smoke ? `Something smoked once [1: "${smoke}"].` : 'NOT FOUND. No incident tells of it.'
  },
})
