// The model writes a program, which runs in a sandbox: it slices the text, counts by rule and keeps the lines that the
// count rests on.
import { show } from './show.ts'

const program = `const { sources: [log] } = await size()
const ships = {}
let start = log.start
for (const line of (await slice(log.start, log.end)).trimEnd().split('\\n')) {
  const { ship } = JSON.parse(line)
  ships[ship] = [...(ships[ship] ?? []), { start, end: start + line.length }]
  start += line.length + 1
}
const several = Object.entries(ships).filter(([, lines]) => lines.length > 1)
for (const [, lines] of several) for (const { start, end } of lines) await keep(start, end)
return several.map(([ship, lines]) => ship + ' had ' + lines.length).join(', ')`

await show({
  strategy: 'program',
  question: 'Which ships had more than one incident?',
  path: 'incidents.jsonl',
  reply({ intent, prompt }) {
    if (intent === 'program') return `\`\`\`js\n${program}\n\`\`\``
    const counts = [...prompt.matchAll(/(MF \w+) had (\d)/g)]
    const sentences = counts.map(([words, ship]) => {
      const cited = [...prompt.matchAll(/\[(\d)\] .+\n.+"ship": "(MF \w+)"/g)].filter(([, , own]) => own === ship)
      return `${words} ${cited.map(([, number]) => `[${number}: "${ship}"]`).join(' ')}.`
    })
    return sentences.join(' ') || 'NOT FOUND. No program counted them.'
  },
})
