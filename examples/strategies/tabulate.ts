// The model only says which columns are needed and turns lines into rows; a line that it overlooked is shown to it again,
// and a program that it wrote computes the answer in a sandbox.
import { show } from './show.ts'

const plan = `\`\`\`python
class Fare:
    route: str
    days: str
    adult: float
\`\`\`
\`\`\`js
const mean = tables.Fare.reduce((sum, { adult }) => sum + adult, 0) / tables.Fare.length
const [dearest] = tables.Fare.sort((one, other) => other.adult - one.adult)
return \`\${mean.toFixed(2)} on average; dearest: \${dearest.route}, \${dearest.days}, \${dearest.adult}\`
\`\`\``
let looks = 0

await show({
  strategy: 'tabulate',
  question: 'What is the average adult fare over all routes, and which is the highest?',
  path: 'tariff.csv',
  reply({ intent, prompt }) {
    if (intent === 'program') return plan
    const fares = [...prompt.matchAll(/^(\S+ - \S+),"([^"]+)",(\d+)/gm)]
    const seen = looks++ === 0 ? fares.slice(0, -1) : fares
    return (
      seen.map(([, route, days, adult]) => `Fare(route="${route}", days="${days}", adult=${adult})`).join('\n') ||
      'NONE'
    )
  },
})
