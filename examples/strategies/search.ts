// A planner asks sub-questions. Those that wait for no other are searched side by side (here one by one, to keep the
// lines in order); one that waits for another is searched with what that one found.
import { show } from './show.ts'

const facts = [/the Havørn will run.+ May 2027\./, /From 12 January.+being built\./, /minutes: \d+/]
const plan = `1. When does the new electric ship arrive?
2. From when to when is the charging tower at Strandby being built?
3. How many minutes does that ship charge at the tower? (after 1)`

await show({
  strategy: 'search',
  question: 'Can the new ship charge at Strandby when she arrives, and how long does it take?',
  limit: 3,
  limits: { concurrency: 1 },
  options: { read: 100 },
  reply({ intent, prompt }) {
    const [arrival, works, minutes] = facts.map((fact) => prompt.split('End of the part.')[0]!.match(fact)?.[0])
    if (intent === 'plan') return arrival && works ? 'DONE' : plan
    if (intent === 'extract') return [arrival, works, minutes].filter(Boolean).join('\n') || 'NONE'
    if (!arrival || !works || !minutes) return 'NOT FOUND. A fact is missing.'
    const tower = `Yes, the tower is built in winter [1: "${works}"].`
    return `${tower} She comes later [2: "${arrival}"] and takes nine minutes [3: "${minutes}"].`
  },
})
