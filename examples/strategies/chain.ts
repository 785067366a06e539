// Every reader passes a message on. The last part only says what "the driver" had; that this is the driver of the lorry
// on lane three is known from the message.
import { show } from './show.ts'

await show({
  strategy: 'chain',
  question: 'Why was there diesel on lane three?',
  path: 'deck.log',
  options: { chunk: 60 },
  reply({ intent, prompt }) {
    const [leak] = prompt.match(/A lorry on lane three is leaking diesel/) ?? []
    // Without the leak in the message before it, nothing tells that the hose matters.
    const [hose] = (leak && prompt.match(/The driver had a cracked return hose\./)) ?? []
    if (intent === 'summarise') return [leak, hose].filter(Boolean).join('\n') || 'NONE'
    if (!leak || !hose) return 'NOT FOUND. The log does not say.'
    return `A lorry leaked it [1: "${leak}"], because its return hose was cracked [2: "${hose}"].`
  },
})
