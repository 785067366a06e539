import { holdsAnswer } from '../answers.ts'

/** A question that can stand beside others in one prompt. */
export interface PackedQuestion {
  readonly text: string
  readonly choices?: readonly string[]
  /** How its answer is told right: the number it comes to, the letter of a choice, or words that must be said. */
  readonly kind: 'number' | 'choice' | 'words'
  /** Each of them is right; of a choice, its letter. */
  readonly answers: readonly string[]
}

export const packing = (count: number): string =>
  `Answer all ${count} numbered questions, one after the other and in their order, in one reply. Begin the answer to each on a line of its own with "Answer", its number and a colon, reason in a sentence or two where you need to, and end it with the result.`

export const listed = (questions: readonly PackedQuestion[]): string =>
  questions
    .map(({ text, choices }, index) => {
      const options = choices?.map((choice, at) => ` (${String.fromCharCode(65 + at)}) ${choice}`).join('') ?? ''
      return `Question ${index + 1}: ${text.replace(/\s+/g, ' ').trim()}${options}`
    })
    .join('\n')

/** One reply cut at the lines that begin an answer, by number; of an answer given twice the last counts. */
export function splitAnswers(said: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  const heads = [...said.matchAll(/^[\s>#*_-]*answer[\s_#]*(?:to[\s_]+question[\s_]*)?(\d+)[*_]*\s*(?:[:.)=-]|$)/gim)]
  for (const [index, head] of heads.entries()) {
    const body = said
      .slice(head.index + head[0].length, heads[index + 1]?.index)
      .replace(/^[\s*_]+/, '')
      .trim()
    if (body !== '') found.set(Number(head[1]), body)
  }
  return found
}

const numberOf = (text: string): number | undefined => {
  const plain = text.replace(/(\d)[,\u2009\u202f](?=\d{3}\b)/g, '$1')
  const told = [...plain.matchAll(/answer is[^\d-]*(-?\d+(?:\.\d+)?)/gi)].at(-1)?.[1]
  const last = told ?? [...plain.matchAll(/-?\d+(?:\.\d+)?/g)].at(-1)?.[0]
  return last === undefined ? undefined : Number(last)
}

function letterOf(text: string, choices: readonly string[]): string | undefined {
  const letter =
    /answer is\W*([A-Z])\b/i.exec(text)?.[1] ??
    /^\W*([A-Z])\s*(?:[).:,]|$)/.exec(text)?.[1] ??
    [...text.matchAll(/\(([A-Z])\)/g)].at(-1)?.[1] ??
    /\b([A-Z])\W*$/.exec(text)?.[1]
  if (letter !== undefined) return letter.toUpperCase()
  const named = choices.flatMap((choice, at) => (holdsAnswer(text, [choice]) ? [at] : []))
  return named.length === 1 ? String.fromCharCode(65 + named[0]!) : undefined
}

export function isRight({ kind, answers, choices = [] }: PackedQuestion, said: string | undefined): boolean {
  if (said === undefined) return false
  if (kind === 'words') return holdsAnswer(said, answers)
  if (kind === 'choice') return answers.includes(letterOf(said, choices) ?? '')
  const number = numberOf(said)
  return answers.some((answer) => number !== undefined && Math.abs(Number(answer) - number) < 1e-9)
}

/** Share of right answers over all, then over each third of the numbers; and the share that was answered at all. */
export function checkPacked(questions: readonly PackedQuestion[], said: string): Record<string, number> {
  const answers = splitAnswers(said)
  const right = questions.map((question, index) => (isRight(question, answers.get(index + 1)) ? 1 : 0))
  const share = (values: readonly number[]): number =>
    values.length === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) / values.length
  const cut = (part: number): number => Math.round((part * right.length) / 3)
  return {
    accuracy: share(right),
    'first-third': share(right.slice(0, cut(1))),
    'middle-third': share(right.slice(cut(1), cut(2))),
    'last-third': share(right.slice(cut(2))),
    answered: share(questions.map((_, index) => (answers.has(index + 1) ? 1 : 0))),
  }
}

/** A reply to all of them; what is not known is said to be so. */
export const reply = (questions: readonly PackedQuestion[], known: (index: number) => boolean): string =>
  questions
    .map(({ answers }, index) => `Answer ${index + 1}: ${known(index) ? answers[0] : 'The text does not say.'}`)
    .join('\n')
