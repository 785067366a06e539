// Every input is heard: points with quotes are collected from all of them, like ones are grouped and counted, and an
// input that the summary leaves out is listed behind it.
import { show } from './show.ts'

const topics = [
  ['quay', 'negative', 'The quay gives trouble', /inner berth at Strandby is closed|Bow ramp touched the quay/],
  ['charging', 'positive', 'Ships are to charge there', /charging tower at Strandby|charging tower are being built/],
  ['ferries', 'neutral', 'What is lost on its ferries is kept', /Lost things from the Strandby ferries are kept/],
] as const

await show({
  strategy: 'summarise',
  question: 'What is said of Strandby?',
  path: '{charging.yaml,fuel.py,incidents.jsonl,notice.html,support-chat.json}',
  reply({ json, prompt }) {
    const parts = prompt.split(/\n(?=\[\d+\] )/).slice(1)
    if (json) {
      const points = topics.map(([aspect, sentiment, claim, words]) => {
        const quotes = parts.map((text, at) => ({ input: at + 1, words: text.match(words)?.[0] }))
        return { aspect, sentiment, claim, quotes: quotes.filter((quote) => quote.words) }
      })
      return JSON.stringify({ points })
    }
    const shared = [...prompt.matchAll(/\[(\d)\] .+\n\w+, \w+: (.+) \(([2-9]) of \d inputs\)/g)]
    return shared.map(([, number, claim, count]) => `${claim}, as ${count} say [${number}: "${claim}"].`).join(' ')
  },
})
