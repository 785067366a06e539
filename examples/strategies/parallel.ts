// One search is made step by step; another branches off before the step that found least, goes another way, and both
// are reported.
import { show } from './show.ts'

await show({
  strategy: 'parallel',
  question: 'What must MF Alka mind in February 2026?',
  limit: 1,
  options: { steps: 2, branches: 1 },
  reply({ intent, prompt }) {
    const [speed] = prompt.match(/The certificate is valid [\w ]+ below eleven knots\./) ?? []
    const [berth] = prompt.match(/MF Alka \| Kirkøy only/) ?? []
    if (intent === 'plan' && prompt.includes('another way')) return 'berths of MF Alka during the works'
    if (intent === 'plan') return speed ? 'litres of fuel that MF Alka needs' : 'inspection certificate of MF Alka'
    if (intent === 'extract') return [speed, berth].filter(Boolean).join('\n') || 'NONE'
    if (!speed || !berth) return 'NOT FOUND. Only one of two rules was found.'
    return `She must stay below eleven knots [1: "${speed}"]. She berths at Kirkøy only [2: "${berth}"].`
  },
})
