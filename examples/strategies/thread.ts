// The model walks through all passages that were found and sums up each; the answer is then drawn from this walk and
// the passages.
import { show } from './show.ts'

const sentences: Readonly<Record<string, string>> = {
  'a hinge was bent and replaced': 'A hinge of a ramp was bent there.',
  'the fenders and the electric charging tower are being built': 'Fenders and a charging tower are being built.',
}

await show({
  strategy: 'thread',
  question: 'What has been broken or built at the quay of Strandby?',
  limit: 5,
  replies: true,
  reply({ intent, prompt }) {
    const told = Object.keys(sentences).filter((words) => prompt.includes(words))
    if (intent === 'summarise') {
      const passages = prompt.split(/\n(?=\[\d+\] )/).slice(1)
      const works = passages.map((text) => told.find((words) => text.includes(words)))
      return works
        .map((words, at) => `Passage ${at + 1} ${words ? `says "${words}"` : 'tells of no works'}.`)
        .join('\n')
    }
    const walk = [...prompt.matchAll(/^Passage (\d) says "(.+)"/gm)]
    return walk.map(([, number, words]) => `${sentences[words!]} [${number}: "${words}"]`).join(' ') || 'NOT FOUND.'
  },
})
