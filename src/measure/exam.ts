/** How L-Eval's closed questions are answered: one letter or several, a topic's name, a number, a program's output, true or false. */
export type ExamKind = 'letter' | 'letters' | 'topic' | 'number' | 'output' | 'judgement'

/** The letters A to D that an answer chooses: all where it is nothing else, or may hold several; else the first. */
export function lettersOf(said: string, several: boolean): string {
  if (/^[ABCD]+$/.test(said)) return sorted(said)
  if (!several) return /[ABCD]/.exec(said)?.[0] ?? ''
  const [leading = ''] = /^[ABCD]*/.exec(said)!
  if (leading.length > 1) return sorted(leading)
  const marked =
    said
      .slice(leading.length)
      .split('Question', 1)[0]!
      .match(/[A-D](?=[\s.)])/g) ?? []
  return sorted(leading + marked.join(''))
}
const sorted = (letters: string): string => [...new Set(letters)].sort().join('')

/** The whole number after "The answer is", else the last in the first paragraph; what stands behind a point is left out. */
export function numberOf(said: string): string {
  const given = /The answer is (\S+)/.exec(said)?.[1]
  const last = said
    .split('\n\n', 1)[0]!
    .split(' ')
    .findLast((word) => /\d/.test(word))
  return (given ?? last ?? '').split('.', 1)[0]!.replace(/\D/g, '')
}

/** The last number of a text, separators of thousands left out; undefined where there is none. */
export function lastNumber(said: string): number | undefined {
  const found = said.match(/-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?/g)?.at(-1)
  return found === undefined ? undefined : Number(found.replaceAll(',', ''))
}

const bareOutput = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/,|'|\\/g, '')
    .replaceAll('.0', '')
    .replaceAll('] [', '][')
    .replaceAll('[ [', '[[')
    .replaceAll('] ]', ']]')
const squeezed = (text: string): string => text.toLowerCase().replaceAll(' ', '')
const filler = ['will be', 'of the code', 'is', 'would be', 'the value of', 'the result of', 'printed']

/** Where a program's output is told: behind "the final output", else at the end; a few words more than the output has. */
function outputOf(said: string, gold: string): string {
  const least = gold.split(/\s+/).filter(Boolean).length + 3
  const bare = filler.reduce((text, words) => text.replaceAll(words, ''), bareOutput(said))
  const at = bare.lastIndexOf('the final output')
  const words = (at === -1 ? bare : bare.slice(at + 'the final output'.length)).split(/\s+/)
  return (at === -1 ? words.slice(-least) : words.slice(0, least)).join(' ')
}

/** What a statement is called in the world of the text and in ours: `True [fact: False]`. */
function judgementOf(said: string): readonly [loyal: string, fact: string] {
  const [loyal = '', fact = ''] = said.toLowerCase().split('[fact:')
  const verdict = (text: string): string => /true|false/.exec(text)?.[0] ?? ''
  return [verdict(loyal), verdict(fact)]
}

/** The first line that is more than a sign. */
const line = (said: string): string => said.split('\n').find((text) => text.length > 1) ?? said

/**
 * The exam's mark from 0 to 1: letters count a quarter where some of the right ones and no other are chosen, judgements
 * half for each world, all else is right or wrong. An et al. 2023, L-Eval, arXiv 2307.11088, as its authors' program has
 * it, but silence and answers without any letter get nothing, where that takes them for an A.
 */
export function examMark(kind: ExamKind, said: string, gold: string): number {
  switch (kind) {
    case 'letter':
    case 'letters': {
      const chosen = lettersOf(said, kind === 'letters')
      const right = gold.split(/\s/, 1)[0]!.replace(/[^A-D]/g, '')
      if (chosen === right) return 1
      return chosen !== '' && [...chosen].every((letter) => right.includes(letter)) ? 0.25 : 0
    }
    case 'number': {
      const number = numberOf(said)
      return number !== '' && Number(number) === Number(numberOf(gold)) ? 1 : 0
    }
    case 'topic':
      return squeezed(line(said)).includes(squeezed(gold)) ? 1 : 0
    case 'output': {
      const [mine, right] = [outputOf(said, gold), bareOutput(gold)]
      const numbers = [mine, right].map((text) => (text.trim() === '' ? Number.NaN : Number(text)))
      if (!numbers.some(Number.isNaN)) return numbers[0] === numbers[1] ? 1 : 0
      return squeezed(line(mine)).includes(squeezed(right)) ? 1 : 0
    }
    case 'judgement': {
      const [mine, right] = [judgementOf(said), judgementOf(gold)]
      return (Number(mine[0] === right[0]) + Number(mine[1] === right[1])) / 2
    }
  }
}

/** Questions that hold their choices: `A. …` or `(A) …` at the start of lines; undefined where there are fewer than two. */
export function choicesIn(
  question: string,
): { readonly asked: string; readonly choices: readonly string[] } | undefined {
  const marks: { start: number; end: number }[] = []
  // They come in the order of the alphabet; what does not is text.
  for (const match of question.matchAll(/(?:^|\n)\s*\(?([A-H])[.)]\s*/g))
    if (match[1] === String.fromCharCode(65 + marks.length))
      marks.push({ start: match.index, end: match.index + match[0].length })
  if (marks.length < 2) return undefined
  return {
    asked: question.slice(0, marks[0]!.start).trim(),
    choices: marks.map(({ end }, index) => question.slice(end, marks[index + 1]?.start).trim()),
  }
}
