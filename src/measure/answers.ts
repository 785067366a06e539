const unspaced = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/
const spaced = (text: string): string =>
  ` ${text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()} `
const packed = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '')

/**
 * Whether a text holds one of some answers: as whole words, without regard to case and signs; answers in Han or kana as
 * characters. Answers without letters and digits never match. The text is folded once, for many questions.
 */
export function answersIn(text: string): (answers: readonly string[]) => boolean {
  let words: string | undefined
  let characters: string | undefined
  return (answers) =>
    answers.some((answer) => {
      if (unspaced.test(answer)) return packed(answer) !== '' && (characters ??= packed(text)).includes(packed(answer))
      const wanted = spaced(answer)
      return wanted.trim() !== '' && (words ??= spaced(text)).includes(wanted)
    })
}

/** The same with the answers folded once, for many texts. */
export function answerTest(answers: readonly string[]): (text: string) => boolean {
  const words = answers
    .filter((answer) => !unspaced.test(answer))
    .map(spaced)
    .filter((answer) => answer.trim() !== '')
  const characters = answers.filter((answer) => unspaced.test(answer)).map(packed)
  return (text) => {
    if (words.length > 0) {
      const folded = spaced(text)
      if (words.some((answer) => folded.includes(answer))) return true
    }
    if (characters.length === 0) return false
    const bare = packed(text)
    return characters.some((answer) => answer !== '' && bare.includes(answer))
  }
}

export const holdsAnswer = (text: string, answers: readonly string[]): boolean => answersIn(text)(answers)
