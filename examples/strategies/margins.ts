// A note in the margin of each part is told as soon as it is written, with the verdict whether it is relevant;
// the answer is made from the relevant ones.
import { show } from './show.ts'

await show({
  strategy: 'margins',
  question: 'How is the fire of a battery put out?',
  path: '{handbook.md,annual-report.pdf}',
  options: { chunk: 180 },
  reply({ intent, prompt }) {
    const [battery] = prompt.match(/Every[^.]* battery fires[^.]*\./) ?? []
    if (intent === 'answer')
      return battery ? `With much water and no foam [1: "${battery}"].` : 'NOT FOUND. No note tells how.'
    const [smoke] = prompt.match(/If smoke is seen[^.]*\./) ?? []
    return JSON.stringify({
      quotes: [battery, smoke].filter(Boolean),
      note: battery ? 'Batteries have a rule of their own.' : 'It is not on batteries.',
      relevant: battery !== undefined,
    })
  },
})
