// The parts are read in turn, and with each the whole draft is written anew: what the first part opens, the last one
// closes.
import { show } from './show.ts'

await show({
  strategy: 'refine',
  question: 'What became of the leak?',
  path: 'deck.log',
  options: { chunk: 60 },
  reply({ intent, prompt }) {
    const [end] = prompt.match(/Leak has stopped\. The driver had a cracked return hose/) ?? []
    const [leak] = prompt.match(/A lorry on lane three is leaking diesel/) ?? []
    const [open] = prompt.match(/(?<=\[2\] )A lorry leaks diesel/) ?? []
    const [closed] = prompt.match(/A leak of diesel from a lorry has stopped/) ?? []
    if (intent === 'answer') return closed ? `The leak has stopped [1: "${closed}"].` : 'NOT FOUND. No leak was seen.'
    if (open && end) return `A leak of diesel from a lorry has stopped: a hose was cracked [1: "${end}"] [2].`
    return leak ? `A lorry leaks diesel [1: "${leak}"].` : 'NONE'
  },
})
