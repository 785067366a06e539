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
 * A test for texts that hold one of the answers: whole words without regard to case and signs; answers in Han or kana
 * as characters. Answers without letters and digits never match.
 */
export function answerTest(answers: readonly string[]): (text: string) => boolean {
  const words = answers
    .filter((answer) => !unspaced.test(answer))
    .map(spaced)
    .filter((answer) => answer.trim() !== '')
  const characters = answers.filter((answer) => unspaced.test(answer)).map(packed)
  return (text) => {
    const found = words.length > 0 && words.some((answer) => spaced(text).includes(answer))
    if (found || characters.length === 0) return found
    const bare = packed(text)
    return characters.some((answer) => bare.includes(answer))
  }
}

export const holdsAnswer = (text: string, answers: readonly string[]): boolean => answerTest(answers)(text)
