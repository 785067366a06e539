// One chain of facts is followed from the names in the question, each step from what the last one named; what leads
// nowhere is a dead end, and the walk goes on from another name. The chain is told.
import { show } from './show.ts'

await show({
  strategy: 'explore',
  question: 'Who owns the quay from which MF Alka sails while the works go on, and who signed for them?',
  path: '{notice.html,lease.docx}',
  options: { tokens: 300 },
  reply({ intent, prompt }) {
    if (intent === 'plan') return 'MF Alka sails from a quay\nthe quay has an owner\nsomebody signed for the owner'
    const text = intent === 'extract' ? prompt.slice(0, prompt.indexOf('End of the part.')) : prompt
    const [berth, quay] = text.match(/MF Alka \| (\S+) only/) ?? []
    const [owner] = text.match(/Between Kirkøy Municipality, called the Owner/) ?? []
    const [signed, mayor] = text.match(/Signed for the Owner by Mayor (\w+ \w+)/) ?? []
    if (intent === 'extract') return [berth, owner, signed].filter(Boolean).join('\n') || 'NONE'
    if (intent === 'judge') return berth && owner && signed ? 'YES' : 'NO'
    if (!berth || !owner || !signed) return 'NOT FOUND. The chain is broken.'
    const owns = `She sails from ${quay} [1: "${berth}"], which ${quay} Municipality owns [2: "${owner}"].`
    return `${owns} ${mayor} signed [3: "${signed}"].`
  },
})
