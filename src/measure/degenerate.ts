import { bareWords } from './words.ts'

export type Degeneration = 'empty' | 'repetition' | 'echo'

/** Words in a row that are looked at as one. */
const run = 4
/** Fewest words in which repetition is looked for, and most times that one word may stand in a row. */
const fewest = 24
const mostInRow = 10
/** Fewest words of a copy of the question, and of the text. */
const shortCopy = 6
const longCopy = 40

/**
 * How an output is no attempt at an answer, if it is none: nothing that can be read; the same word or the same few words again
 * and again; or a copy of the question, or of a long piece of the text, and nothing else.
 */
export function degenerationOf(
  said: string,
  { question = '', text = '' }: { readonly question?: string; readonly text?: string } = {},
): Degeneration | undefined {
  const words = bareWords(said)
  if (words.length === 0) return 'empty'
  let inRow = 1
  for (let at = 1; at < words.length; at++) {
    inRow = words[at] === words[at - 1] ? inRow + 1 : 1
    if (inRow > mostInRow) return 'repetition'
  }
  if (words.length >= fewest) {
    const runs = words.slice(run - 1).map((_, at) => words.slice(at, at + run).join(' '))
    if (new Set(runs).size < 0.4 * runs.length) return 'repetition'
  }
  const whole = ` ${words.join(' ')} `
  const copies = (of: string): boolean => ` ${bareWords(of).join(' ')} `.includes(whole)
  if (words.length >= shortCopy && question !== '' && copies(question)) return 'echo'
  if (words.length >= longCopy && text !== '' && copies(text)) return 'echo'
  return undefined
}
