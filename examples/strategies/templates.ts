// A template of thinking that fits the question guides the look-ups. This one looks once; when that falls short, it is
// edited, and then the name that was found is looked up too.
import { show } from './show.ts'

const once = { name: 'once', text: 'when does the ship arrive', steps: 'Find the ship.', hops: 0 }

await show({
  strategy: 'templates',
  question: 'When does the ship arrive that the settings of the charging tower name?',
  limit: 3,
  options: { templates: 1, read: 60, thoughts: JSON.stringify([once]) },
  reply({ intent, prompt }) {
    const [ship] = prompt.match(/ship: Havørn/) ?? []
    const [arrival] = prompt.match(/She charges [\w ]+ and arrives in May 2027/) ?? []
    if (intent === 'extract') return arrival ?? ship ?? 'NONE'
    if (intent === 'judge') return arrival ? 'YES' : 'NO'
    if (intent === 'plan') return JSON.stringify({ steps: 'Find the ship by what she does, then her name.', hops: 1 })
    return arrival ? `She arrives in May 2027 [1: "${arrival}"].` : 'NOT FOUND. No month is named.'
  },
})
