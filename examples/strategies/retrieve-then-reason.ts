// First facts, copied from the passages that a search finds; then reasoning over these alone. What the model believes,
// but no passage says, is left out.
import { show } from './show.ts'

await show({
  strategy: 'retrieve-then-reason',
  question: 'May MF Alka sail at fourteen knots?',
  limit: 3,
  reply({ intent, prompt }) {
    const [rule] = prompt.match(/The certificate is valid [\w ]+ below eleven knots\./) ?? []
    if (intent === 'extract')
      return ['Ferries sail at fourteen knots.', 'Rules of speed hold in harbours only.', rule ?? ''].join('\n')
    return rule ? `No, she must stay below eleven knots [1: "${rule}"].` : 'NOT FOUND. No passage speaks of her speed.'
  },
})
