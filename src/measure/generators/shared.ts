import { integer, shuffled } from '../random.ts'
import type { Block } from './weave.ts'
import { distinct, wordPair } from './words.ts'

/** One request over the shared context, asked alone or as a turn that builds on the turns before. */
export interface SharedRequest {
  readonly kind: 'key-value' | 'string-search' | 'multi-needle' | 'summary-of-keys' | 'variable-tracing'
  readonly alone: string
  readonly inTurn: string
  readonly answers: readonly string[]
  /** Numbers of the blocks that it rests on. */
  readonly evidence: readonly number[]
  readonly needs: readonly (readonly number[])[]
  readonly solve?: (seen: readonly boolean[]) => string
}
export interface SharedWorld {
  readonly blocks: readonly Block[]
  readonly requests: readonly SharedRequest[]
}

/** Keys with values and groups, notes left for keys, and variables that take values of each other. */
export function sharedWorld(random: () => number): SharedWorld {
  const keys = distinct(26, () => wordPair(random))
  const values = distinct(26, () => String(integer(100_000, 999_999, random)))
  const groups = distinct(4, () => wordPair(random))
  const [first, twin] = keys as [string, string]
  const value = values[0]!
  const size = integer(4, 9, random)
  const texts: string[] = []
  const put = (text: string): number => texts.push(text) - 1
  const records = keys.map((key, at) => put(`The key ${key} holds the value ${at === 1 ? value : values[at]}.`))
  // The twin's group has so many keys; each of the others is in one of the other groups.
  const members = keys.map((key, at) => {
    const group = at >= 1 && at <= size ? groups[0] : groups[1 + (at % 3)]
    return put(`The key ${key} belongs to the group ${group}.`)
  })
  const notes = distinct(7, () => wordPair(random))
  const left = notes.map((note, at) => put(`A note for the key ${at < 3 ? twin : keys[at + 3]} reads: ${note}.`))
  const variables = distinct(9, () => `V${integer(100, 999, random)}`)
  // A chain of four that begins with the value, and others that begin with another value.
  const chain = variables.map((name, at) => {
    if (at === 0) return put(`Set ${name} to ${value}.`)
    if (at === 4) return put(`Set ${name} to ${values[5]}.`)
    return put(`Set ${name} to what ${variables[at - 1]} is.`)
  })
  const group = [...members.slice(1, 1 + size)]
  const requests: SharedRequest[] = [
    {
      kind: 'key-value',
      alone: `Which value does the key ${first} hold?`,
      inTurn: `Which value does the key ${first} hold?`,
      answers: [value],
      evidence: [records[0]!],
      needs: [[0]],
    },
    {
      kind: 'string-search',
      alone: `Which key beside ${first} holds the value ${value}?`,
      inTurn: 'Which other key holds the value of your last answer?',
      answers: [twin],
      evidence: [records[1]!, records[0]!],
      needs: [[0]],
    },
    {
      kind: 'multi-needle',
      alone: `What do the notes for the key ${twin} read? Give all three.`,
      inTurn: 'What do the notes for the key that you just named read? Give all three.',
      answers: notes.slice(0, 3),
      evidence: left.slice(0, 3),
      needs: [[0], [1], [2]],
    },
    {
      kind: 'summary-of-keys',
      alone: `How many keys belong to the group ${groups[0]}? Answer in digits.`,
      inTurn: 'How many keys belong to the group of the key with these notes? Answer in digits.',
      answers: [String(size)],
      evidence: group,
      needs: [group.map((_, at) => at)],
      solve: (seen) => String(seen.filter(Boolean).length),
    },
    {
      kind: 'variable-tracing',
      alone: `Which variables have the value ${value}? Give all four.`,
      inTurn: 'Which variables have the value that you gave in your first answer? Give all four.',
      answers: variables.slice(0, 4),
      evidence: chain.slice(0, 4),
      // A variable is known when all that it hangs on is.
      needs: [[0], [0, 1], [0, 1, 2], [0, 1, 2, 3]],
    },
  ]
  // What is set to a variable comes after it.
  const depths = texts.map(() => random())
  for (const list of [chain.slice(0, 4), chain.slice(4)]) {
    const sorted = list.map((at) => depths[at]!).sort((one, other) => one - other)
    for (const [index, at] of list.entries()) depths[at] = sorted[index]!
  }
  const order = shuffled([...texts.keys()], random)
  const place = new Map(order.map((from, to) => [from, to]))
  return {
    blocks: order.map((from) => ({ text: texts[from]!, depth: depths[from]! })),
    requests: requests.map((one) => ({ ...one, evidence: one.evidence.map((at) => place.get(at)!) })),
  }
}
