// Text becomes records of classes. What the model writes is read, never run, and held to the types: a year that is no
// number is sent back once. Each value has the place where it stands.
import { show } from './show.ts'

await show({
  strategy: 'extract-schema',
  question: 'Which years does the captain tell of?',
  path: 'interview.vtt',
  options: { schema: 'class Event:\n    year: int\n    what: str  # as the text words it' },
  replies: true,
  reply({ prompt }) {
    const [part = '', rest = ''] = prompt.split('End of the part.')
    const events = part.matchAll(/(?:The night of the hurricane|arrives) in (May )?(\d{4})/g)
    const year = (month = '', digits = '') => (rest.includes('This is wrong') ? digits : `"in ${month}${digits}"`)
    return (
      [...events].map(([what, month, digits]) => `Event(year=${year(month, digits)}, what="${what}")`).join('\n') ||
      'NONE'
    )
  },
})
