// The strongest evidence first: the judge sees a pack of 200 tokens, misses something, and is shown twice as much, until it is content.
import { show } from './show.ts'

await show({
  strategy: 'reflect',
  question: 'From where does MF Alka sail during the works at Strandby, and what speed is her limit?',
  options: { documents: 6, tokens: 200 },
  reply({ intent, prompt }) {
    const [speed] = prompt.match(/speed stays below (\w+) knots/) ?? []
    const [berth] = prompt.match(/MF Alka \| Kirkøy only/) ?? []
    if (intent === 'judge') return speed && berth ? 'YES' : `NO, ${speed ? 'the berth' : 'the speed'} is missing.`
    if (!speed || !berth) return 'NOT FOUND. The berth or the speed is not told of.'
    const number = (words: string) => prompt.slice(0, prompt.indexOf(words)).match(/^\[\d+\]/gm)?.length
    return `From Kirkøy [${number(berth)}: "${berth}"], below eleven knots [${number(speed)}: "${speed}"].`
  },
})
