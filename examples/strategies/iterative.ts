// Rounds of search and reading: what the judge misses after the first round is what the second round searches for.
import { show } from './show.ts'

await show({
  strategy: 'iterative',
  question: 'How often was the ferry full to the place of the yearly rescue drill?',
  options: { documents: 1 },
  reply({ intent, prompt }) {
    const [drill, place] = prompt.match(/The yearly rescue drill is on [\w ]+ at (\w+)\./) ?? []
    const [full, month, days] =
      prompt.match(/(\w+) was the busiest month\. On (\d+ of its \d+ days) at least one sailing to \w+ left/) ?? []
    if (intent === 'extract') return [drill, full].filter(Boolean).join('\n') || 'NONE'
    if (intent === 'judge') return drill && full ? 'YES' : `NO, how full the sailings to ${place} were is missing.`
    if (intent === 'plan') return `On how many days did sailings to ${place} leave people behind?`
    if (!drill || !full) return 'NOT FOUND. The drill or the crowd is not told of.'
    return `The drill is at ${place} [1: "${drill}"]. In ${month} it was full on ${days} [2: "${full}"].`
  },
})
