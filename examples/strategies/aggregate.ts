// The model only copies what is asked for, part by part, with its group; a program merges, counts and compares.
import { show } from './show.ts'

await show({
  strategy: 'aggregate',
  question: 'How many incidents did each ship have?',
  path: 'incidents.jsonl',
  options: { chunk: 100 },
  reply({ prompt }) {
    const incidents = prompt.matchAll(/"ship": "([^"]+)", "kind": "\w+", "text": "([^.;]+)/g)
    return [...incidents].map(([, ship, what]) => `${ship} :: ${what}`).join('\n') || 'NONE'
  },
})
