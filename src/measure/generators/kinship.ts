import { pick } from '../random.ts'
import type { FactChain } from './chain.ts'
import type { Frame } from './draw.ts'
import { type Language, longerName, people as peopleOf } from './full-names.ts'
import { unsaid } from './saying.ts'

interface Words {
  /** By generations and gender of the elder: two for each. */
  readonly elders: readonly (readonly [readonly string[], readonly string[]])[]
  readonly tell: readonly ((elder: string, younger: string, relation: string) => string)[]
  readonly instruction: string
  readonly eldest: (person: string) => string
  readonly ancestor: (person: string, generations: number) => string
  readonly descendant: (person: string, generations: number) => string
  readonly distance: (younger: string, elder: string) => string
  readonly cue: string
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    elders: [
      [['father'], ['mother']],
      [['grandfather'], ['grandmother']],
    ],
    tell: [
      (elder, younger, relation) => `${elder} is the ${relation} of ${younger}.`,
      (elder, younger, relation) => `${younger}'s ${relation} is ${elder}.`,
      (elder, younger, relation) => `${younger} calls ${elder} ${relation}.`,
    ],
    instruction:
      'The text below says who is kin to whom. A parent is one generation away, a grandparent is two generations away.',
    eldest: (person) => `Who is the eldest forebear of ${person} that the text lets you trace?`,
    ancestor: (person, generations) => `Which forebear of ${person} is ${generations} generations older?`,
    descendant: (person, generations) => `Which descendant of ${person} is ${generations} generations younger?`,
    distance: (younger, elder) => `How many generations lie between ${younger} and the forebear ${elder}?`,
    cue: 'The answer is',
  },
  zh: {
    elders: [
      [['父亲'], ['母亲']],
      [
        ['爷爷', '外公'],
        ['奶奶', '外婆'],
      ],
    ],
    tell: [
      (elder, younger, relation) => `${elder}是${younger}的${relation}。`,
      (elder, younger, relation) => `${younger}的${relation}是${elder}。`,
      (elder, younger, relation) => `${younger}管${elder}叫${relation}。`,
    ],
    instruction: '下面的文字说明了一些人的亲属关系。父母相差一代，祖父母相差两代。',
    eldest: (person) => `根据文字，${person}能追溯到的最年长的祖先是谁？`,
    ancestor: (person, generations) => `比${person}早${generations}代的祖先是谁？`,
    descendant: (person, generations) => `比${person}晚${generations}代的后代是谁？`,
    distance: (younger, elder) => `${younger}和祖先${elder}之间相差几代？`,
    cue: '答案是',
  },
}

/** A line of forebears as long as one likes: person 0 is the youngest, and fact n tells who stands above person n. */
export interface Family extends FactChain {
  readonly youngest: string
  /** Generations between the youngest and the subject of the fact. */
  generations(fact: number): number
}

export function familyOf(random: () => number, language: Language): Family {
  const { elders, tell } = words[language]
  const name = peopleOf(random, language)
  const youngest = name()
  const list: {
    readonly person: string
    readonly below: number
    readonly say: (elder: string, younger: string) => string
  }[] = []
  const at = (number: number) => {
    while (list.length <= number) {
      const generations = random() < 0.5 ? 1 : 2
      const relation = pick(elders[generations - 1]![random() < 0.5 ? 0 : 1], random)
      const sentence = pick(tell, random)
      const below = (list.at(-1)?.below ?? 0) + generations
      list.push({ person: name(), below, say: (elder, younger) => sentence(elder, younger, relation) })
    }
    return list[number]!
  }
  return {
    youngest,
    person: (number) => at(number).person,
    fact: (number, subject, before = youngest) => at(number).say(subject, before),
    generations: (number) => at(number).below,
    longer: (person) => longerName(person, random, language),
  }
}

export const traces = ['eldest', 'ancestor', 'descendant', 'distance'] as const

export interface Trace {
  readonly frame: Frame
  readonly answer: string
  /** Facts that it takes: those before this number. */
  readonly facts: number
  solve(seen: readonly boolean[]): string
}

/**
 * A question on a family, and its answer by program. `people` are the subjects of its facts. An ancestor or a descendant is
 * asked over a `share` of the facts, the others over all.
 */
export function traceOf(
  kind: (typeof traces)[number],
  family: Family,
  people: readonly string[],
  share: number,
  language: Language,
): Trace {
  const { instruction, cue, eldest, ancestor, descendant, distance } = words[language]
  const over = kind === 'eldest' || kind === 'distance' ? people.length : Math.ceil(share * people.length)
  const facts = Math.max(1, Math.min(people.length, over))
  const elder = people[facts - 1]!
  const generations = family.generations(facts - 1)
  const all = (seen: readonly boolean[]): boolean => seen.slice(0, facts).every(Boolean)
  const asked = {
    eldest: { question: eldest(family.youngest), answer: elder },
    ancestor: { question: ancestor(family.youngest, generations), answer: elder },
    descendant: { question: descendant(elder, generations), answer: family.youngest },
    distance: { question: distance(family.youngest, elder), answer: String(generations) },
  }[kind]
  return {
    frame: { instruction, question: asked.question, cue },
    answer: asked.answer,
    facts,
    solve(seen) {
      if (all(seen)) return asked.answer
      const known = seen.indexOf(false)
      return kind === 'eldest' && known > 0 ? people[known - 1]! : unsaid
    },
  }
}
