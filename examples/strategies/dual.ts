// What the search finds is read twice: in its wider surroundings (here the whole handbook, which tells whom it is for),
// and by itself, where only the passages are kept that help.
import { show } from './show.ts'

await show({
  strategy: 'dual',
  question: 'Who must follow the rule that dogs are kept on a lead?',
  replies: true,
  reply({ intent, prompt }) {
    const [crew] = prompt.match(/the rules that every member of the crew follows on board/) ?? []
    const [dogs] = prompt.match(/Dogs [\w ]+ must be kept on a lead\./) ?? []
    if (intent === 'summarise') return crew ?? 'NONE'
    if (intent === 'extract') {
      const passages = prompt.split(/^(?=\[\d+\] )/m).slice(1)
      const helpful = passages.flatMap((text, index) => (/^Dogs travel/m.test(text) ? [index + 1] : []))
      return JSON.stringify({ thought: 'One passage is on dogs.', helpful })
    }
    if (!crew || !dogs) return 'NOT FOUND. No passage has such a rule.'
    return `It stands in the handbook [1: "${dogs}"]. Every member of the crew follows its rules [1: "${crew}"].`
  },
})
