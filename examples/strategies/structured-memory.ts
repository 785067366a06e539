// The parts are read in turn into a memory of typed entries, and each part only edits it: new entries are added, known
// ones updated.
import { show } from './show.ts'

await show({
  strategy: 'structured-memory',
  question: 'Which ships had more than one incident?',
  path: 'incidents.jsonl',
  options: { chunk: 60, kinds: 'ship' },
  reply({ intent, prompt }) {
    if (intent === 'answer') {
      const several = [...prompt.matchAll(/\[(\d)\] .+\n(MF \w+ had [2-9] incidents)/g)]
      return several.map(([, number, words]) => `${words} [${number}: "${words}"].`).join(' ') || 'NOT FOUND. None had.'
    }
    const records = [...prompt.matchAll(/"ship": "(MF \w+)".+"text": "([^"]+)"/g)]
    const edits = records.map(([, ship, words]) => {
      const [, id, count = '0'] = prompt.match(new RegExp(`#(\\d) ship: ${ship} had (\\d)`)) ?? []
      const text = `${ship} had ${count === '0' ? '1 incident' : `${Number(count) + 1} incidents`}`
      return id ? { op: 'update', id: Number(id), text, words } : { op: 'add', kind: 'ship', text, words }
    })
    return JSON.stringify(edits)
  },
})
