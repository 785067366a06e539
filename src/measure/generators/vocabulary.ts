import { shuffled } from '../random.ts'
import { adjectives, nouns, objects, places } from './words.ts'

const single: readonly string[] = [...new Set([...adjectives, ...nouns, ...objects, ...places])]

/** So many different words: single ones, and when these are used up, two put together, such as `quietharbour`. */
export function vocabulary(count: number, random: () => number): string[] {
  const found = new Set(shuffled(single, random).slice(0, count))
  while (found.size < count) {
    const noun = nouns[Math.floor(random() * nouns.length)]!
    const more = found.size > 100_000 ? nouns[Math.floor(random() * nouns.length)]! : ''
    found.add(`${adjectives[Math.floor(random() * adjectives.length)]}${noun}${more}`)
  }
  return [...found]
}
