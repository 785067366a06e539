// Tasks are split into subtasks, one after another. Of a finished one only the conclusion is kept, and the next one
// rests on it.
import { show } from './show.ts'

await show({
  strategy: 'tree',
  question: 'Above which wind does the new ship not charge?',
  limit: 1,
  reply({ intent, prompt }) {
    const [name] = prompt.match(/the Havørn will run on batteries/) ?? []
    const [wind, metres] = prompt.match(/wind_metres_per_second: (\d+)/) ?? []
    if (intent === 'plan') {
      const [, subtask] = prompt.match(/^ {2}Task: (.+)/m) ?? []
      if (subtask) return subtask
      if (prompt.includes('-> The limit is')) return 'DONE'
      return prompt.includes('-> She is the Havørn') ? 'tower settings for the Havørn' : 'Which new ship is electric?'
    }
    if (intent === 'extract') return name ?? wind ?? 'NONE'
    if (intent === 'summarise') return name ? `She is the Havørn.\n${name}` : `The limit is ${wind}.\n${wind}`
    return wind ? `Above ${metres} metres per second [1: "${wind}"].` : 'NOT FOUND. No limit was found.'
  },
})
