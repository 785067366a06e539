// Much looks like evidence and little is: the notes on all parts are filtered before anything is answered from them.
import { show } from './show.ts'

await show({
  strategy: 'notes',
  question: 'Below which visibility does the handbook say that sailings are cancelled?',
  path: '{handbook.md,incidents.jsonl}',
  options: { chunk: 180 },
  reply({ intent, system = '', prompt }) {
    if (system.startsWith('You take notes'))
      return JSON.stringify({
        evidence: prompt.match(/(?:When|Sailings|All sailings)\b[^."]*\bvisibility\b[^."]*\./g) ?? [],
        reasoning: 'It speaks of visibility.',
      })
    if (intent === 'extract') {
      const rules = [...prompt.matchAll(/^\[(\d+)\] Sailings are cancelled when/gm)]
      return JSON.stringify(rules.map(([, number]) => Number(number)))
    }
    const [rule] = prompt.match(/visibility stays below \d+ metres for half an hour/) ?? []
    return rule ? `Below 100 metres, for half an hour [1: "${rule}"].` : 'NOT FOUND. There is no such rule.'
  },
})
