// The plan names a handler for each step: `split` reads every part with the model; `filter` and `sum` are functions.
import { show } from './show.ts'

await show({
  strategy: 'decompose',
  question: 'What is the sum of the budgets of all departments?',
  path: 'budget.xlsx',
  reply({ intent, prompt }) {
    if (intent === 'plan') return 'split: every row of the budget\nfilter: department\nsum: their budgets'
    if (intent === 'extract') return prompt.match(/^.+ \| .+ \| \d+ \| \d+$/gm)?.join('\n') ?? 'NONE'
    const [told, sum] = prompt.match(/The sum is (\d+)\./) ?? []
    return told ? `The departments may spend ${sum} kroner [1: "${told}"].` : 'NOT FOUND. Nothing was added up.'
  },
})
