import type { Haystack } from '../contract.ts'
import { integer, pick } from '../random.ts'
import { adjectives, names, nouns, objects, places } from './words.ts'

export const styles = ['document', 'code', 'database'] as const
export type Style = (typeof styles)[number]

/** A record to be found by one part of it: each part stands in no other record of the list. */
export interface Probe {
  readonly text: string
  readonly id: string
  readonly middle: string
  readonly before: string
  readonly after: string
  /** Long enough to be asked for by a part of it. */
  readonly askable: boolean
}

const mark = (random: () => number): string => integer(0, 0xffffffff, random).toString(16).padStart(8, '0')
const word = (random: () => number): string => pick(adjectives, random)

/** A sentence without end of variety, for when the prose is used up. */
function madeSentence(random: () => number): string {
  const [who, thing, from, to] = [
    pick(names, random),
    pick(objects, random),
    pick(places, random),
    pick(places, random),
  ]
  const year = integer(1400, 1999, random)
  return `In ${year} ${who} carried a ${word(random)} ${thing} and ${integer(2, 99, random)} ${word(random)} ${pick(nouns, random)} boxes from the ${word(random)} ${from} to the ${to} on the ${word(random)} hill.`
}

/** Fewest words of a sentence that is asked for. */
const leastWords = 12

/** Sentences of the haystack, none twice, then made ones. */
function documents({ sentences }: Haystack, random: () => number): (number: number) => Probe {
  const used = new Set<string>()
  return (number) => {
    let sentence = sentences[number] ?? madeSentence(random)
    while (used.has(sentence)) sentence = madeSentence(random)
    used.add(sentence)
    const id = mark(random)
    const words = sentence.split(' ')
    const [from, to] = [Math.floor(words.length / 3), Math.ceil((words.length * 2) / 3)]
    return {
      text: `[${id}] ${sentence}`,
      id,
      before: words.slice(0, from).join(' '),
      middle: words.slice(from, to).join(' '),
      after: words.slice(to).join(' '),
      askable: words.length >= leastWords,
    }
  }
}

function functions(random: () => number): () => Probe {
  return () => {
    const [left, right, step] = [word(random), pick(nouns, random), pick(objects, random)]
    const id = `${word(random)}_${pick(nouns, random)}_${mark(random).slice(0, 4)}`
    const middle = `${step} = ${left} * ${integer(1000, 99_999, random)} + ${right}`
    const after = `return ${step} % ${integer(1000, 99_999, random)}`
    const text = `def ${id}(${left}, ${right}):\n    ${middle}\n    ${after}`
    return { text, id, middle, before: id, after, askable: true }
  }
}

function rows(random: () => number): () => Probe {
  return () => {
    const id = `Q${integer(1_000_000, 99_999_999, random)}`
    const middle = `${word(random)} ${pick(nouns, random)} of ${pick(names, random)} ${mark(random).slice(0, 4)}`
    const after = `${word(random)} ${pick(objects, random)} kept in a ${word(random)} ${pick(places, random)} since ${integer(1000, 1999, random)}, number ${integer(1000, 99_999, random)}`
    return { text: `${id} | ${middle} | ${after}`, id, middle, before: id, after, askable: true }
  }
}

/** A maker of records in a style. */
export const probes = (style: Style, haystack: Haystack, random: () => number): ((number: number) => Probe) =>
  style === 'document' ? documents(haystack, random) : style === 'code' ? functions(random) : rows(random)
