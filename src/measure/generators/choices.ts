import { answersIn } from '../answers.ts'

const folded = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/**
 * Number of the choice that was said: its letter at the start, in brackets or behind "answer", or all of its words and of no
 * other's. Undefined where that tells none or several.
 */
export function choiceSaid(said: string, choices: readonly string[]): number | undefined {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.slice(0, choices.length)
  const exact = choices.findIndex((choice) => folded(choice) === folded(said))
  if (exact !== -1) return exact
  const whole = said.trim()
  const [, letter] =
    new RegExp(`^\\(?([${letters}])(?:[).:,]|\\s*$)`).exec(whole) ??
    new RegExp(`(?:answer|choice|option)(?: is)?:? *\\(?([${letters}])\\b`, 'i').exec(whole) ??
    []
  if (letter) return letters.indexOf(letter.toUpperCase())
  const bracketed = new Set([...whole.matchAll(new RegExp(`\\(([${letters}])\\)`, 'g'))].map((match) => match[1]!))
  if (bracketed.size === 1) return letters.indexOf([...bracketed][0]!)
  const holds = answersIn(whole)
  const named = choices.flatMap((choice, index) => (holds([choice]) ? [index] : []))
  return named.length === 1 ? named[0] : undefined
}
