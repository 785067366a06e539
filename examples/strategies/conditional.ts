// Rules are collected from every part; each answer stands with the condition under which it holds, in the words of the
// text, and both are cited.
import { show } from './show.ts'

await show({
  strategy: 'conditional',
  question: 'What happens to a sailing when it is hard to see?',
  path: 'handbook.md',
  options: { read: 'all', chunk: 180 },
  reply({ intent, prompt }) {
    const [slow, metres, speed] =
      prompt.match(/When (visibility falls below \d+ metres) (the ferry slows to \w+ knots)/) ?? []
    const [stop, none, minutes] = prompt.match(/(Sailings are cancelled) when (visibility stays below [\w ]+)/) ?? []
    if (intent === 'extract') return [slow, stop].filter(Boolean).join('\n') || 'NONE'
    return slow && stop ? `${speed} | ${metres}\n${none} | ${minutes}` : 'NOT FOUND'
  },
})
