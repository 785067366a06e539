// Sentences are joined by the names that they share. The walk goes from the charger in the question to the ship, and
// from the ship to her hull; first the facts of a name are read, then the text around those that tell something.
import { show } from './show.ts'

await show({
  strategy: 'graph',
  question: 'What is broken on the ship on which a phone charger smoked?',
  path: '{incidents.jsonl,inspection.eml,fuel.py}',
  options: { tokens: 300 },
  reply({ intent, prompt }) {
    if (intent === 'plan') return 'Find the ship with the phone charger, then what was seen on her.'
    const [part = '', notebook = ''] = intent === 'extract' ? prompt.split('End of the part.') : [prompt]
    const [fire, ship] = part.match(/"(MF \w+)", "kind": "fire", "text": "Smoke from a phone charger/) ?? []
    const [hull] = part.match(/pitting of up to [\d.]+ mm on the port side between frames \d+ and \d+ of MF Alka/) ?? []
    const [plates] = part.match(/The plates there must be renewed/) ?? []
    const found = [fire, hull, plates].filter((line) => line && !notebook.includes(line))
    if (intent === 'extract') return found.join('\n') || 'NONE'
    if (intent === 'judge') return found.length === 3 ? 'YES' : 'NO'
    if (found.length < 3) return 'NOT FOUND. The way from the charger to the damage is not told.'
    return `It is ${ship} [1: "${fire}"]. Her hull has pits [2: "${hull}"]. Plates must be renewed [3: "${plates}"].`
  },
})
