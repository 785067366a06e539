// The model drafts its thoughts from what it believes; each is then corrected from passages that are retrieved for it.
import { show } from './show.ts'

await show({
  strategy: 'revise',
  question: 'When does the new ship come, and what drives her?',
  limit: 3,
  reply({ intent, prompt }) {
    const [arrival] = prompt.match(/arrives in May 2027/) ?? []
    const [power] = prompt.match(/the Havørn will run on batteries/) ?? []
    if (intent === 'plan') return '1. The new ship Havørn arrives in spring 2026.\n2. She has a diesel engine.'
    if (prompt.includes('Step 1:')) return arrival ? `The Havørn arrives in May 2027 [1: "${arrival}"].` : 'NONE'
    if (prompt.includes('Step 2:')) return power ? `She runs on batteries [1: "${power}"].` : 'NONE'
    if (!arrival || !power) return 'NOT FOUND. No passage speaks of the ship.'
    return `She comes in May 2027 [1: "${arrival}"]. Batteries drive her [2: "${power}"].`
  },
})
