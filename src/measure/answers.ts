const unspaced = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/
const folded = (text: string): string => text.normalize('NFKC').toLowerCase()
const wordsOf = (text: string): string[] => folded(text).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
const packed = (text: string): string => wordsOf(text).join('')

/** An answer as it is looked for: its words, or in Han or kana its characters. */
type Wanted = { readonly characters: string } | { readonly words: readonly string[] }

const wantedOf = (answer: string): Wanted =>
  unspaced.test(answer) ? { characters: packed(answer) } : { words: wordsOf(answer) }

/** A text in which many answers are looked for; it is folded once. */
function searchable(text: string): (wanted: Wanted) => boolean {
  let plain: string | undefined
  let characters: string | undefined
  return (wanted) => {
    if ('characters' in wanted)
      return wanted.characters !== '' && (characters ??= packed(text)).includes(wanted.characters)
    return wanted.words.length > 0 && holdsWords((plain ??= folded(text)), wanted.words)
  }
}

const letter = /[\p{L}\p{M}\p{N}]/u

/** Whether the unit at a place of folded text belongs to a word. */
function isWord(text: string, at: number): boolean {
  if (at < 0 || at >= text.length) return false
  const code = text.charCodeAt(at)
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
  const low = code >= 0xdc00 && code <= 0xdfff
  return letter.test(String.fromCodePoint(text.codePointAt(low ? at - 1 : at)!))
}

/** Whether words stand one after another, with only signs and spaces between. */
function holdsWords(text: string, words: readonly string[]): boolean {
  for (let at = text.indexOf(words[0]!); at !== -1; at = text.indexOf(words[0]!, at + 1)) {
    if (isWord(text, at - 1)) continue
    let end = at + words[0]!.length
    const all = words.slice(1).every((word) => {
      let next = end
      while (next < text.length && !isWord(text, next)) next++
      if (next === end || !text.startsWith(word, next)) return false
      end = next + word.length
      return true
    })
    if (all && !isWord(text, end)) return true
  }
  return false
}

/**
 * Whether a text holds one of some answers: as whole words, without regard to case and signs; answers in Han or kana as
 * characters. Answers without letters and digits never match.
 */
export function answersIn(text: string): (answers: readonly string[]) => boolean {
  const holds = searchable(text)
  return (answers) => answers.some((answer) => holds(wantedOf(answer)))
}

/** The same with the answers folded once, for many texts. */
export function answerTest(answers: readonly string[]): (text: string) => boolean {
  const wanted = answers.map(wantedOf)
  return (text) => wanted.some(searchable(text))
}

export const holdsAnswer = (text: string, answers: readonly string[]): boolean => answersIn(text)(answers)
