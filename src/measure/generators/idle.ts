import { integer, pick } from '../random.ts'

export const fillers = ['mixed', 'prints', 'cancelling', 'looking', 'others'] as const
export type Filler = (typeof fillers)[number]

const value = (random: () => number): number => integer(10, 99, random)

type Maker = (name: string, random: () => number) => string
/** Cells that leave a list as it was, by kind: they say something, undo what they did, or only look at it. */
const idle: Readonly<Record<'prints' | 'cancelling' | 'looking', readonly Maker[]>> = {
  prints: [
    (_, random) => `print("nothing to do, round ${value(random)}")`,
    () => 'print("still here")',
    (_, random) => `print("waiting for ${value(random)}")`,
    () => 'pass',
  ],
  cancelling: [
    (name, random) => `${name}.append(${value(random)}); ${name}.pop()`,
    (name, random) => {
      const added = value(random)
      return `${name}.insert(0, ${added}); ${name}.remove(${added})`
    },
    (name, random) => `${name}.insert(0, ${value(random)}); ${name}.pop(0)`,
    (name) => `${name}.reverse(); ${name}.reverse()`,
    (name, random) => `${name}.extend([${value(random)}, ${value(random)}]); del ${name}[-2:]`,
    (name, random) => {
      const by = value(random)
      return `${name}[0] += ${by}; ${name}[0] -= ${by}`
    },
  ],
  looking: [
    (name) => `sorted(${name})`,
    (name) => `${name}[::-1]`,
    (name, random) => `${name} + [${value(random)}]`,
    (name, random) => `${name}.copy().append(${value(random)})`,
    (name) => `list(reversed(${name}))`,
    (name, random) => `${name}.count(${value(random)})`,
    (name, random) => `${value(random)} in ${name}`,
    (name) => `${name}.copy().sort()`,
  ],
}

/** Steps on another list, whose length stays the same; each both as Python and as what it does. */
type OtherMaker = (name: string, random: () => number) => readonly [string, (list: readonly number[]) => number[]]
const other: readonly OtherMaker[] = [
  (name, random) => {
    const added = value(random)
    return [`${name}.append(${added}); ${name}.pop(0)`, (list) => [...list.slice(1), added]]
  },
  (name, random) => {
    const by = value(random)
    return [`${name}[1] += ${by}`, (list) => list.with(1, list[1]! + by)]
  },
  (name) => [`${name}.reverse()`, (list) => list.toReversed()],
  (name) => [`${name}.sort()`, (list) => list.toSorted((one, next) => one - next)],
]

/** Cells that do nothing to the list `name`; those that change the list `aside` also say how. */
export function idleCell(
  kind: Filler,
  name: string,
  aside: string,
  random: () => number,
): readonly [cell: string, change?: (list: readonly number[]) => number[]] {
  const chosen = kind === 'mixed' ? pick(['prints', 'cancelling', 'looking', 'others'] as const, random) : kind
  return chosen === 'others' ? pick(other, random)(aside, random) : [pick(idle[chosen], random)(name, random)]
}
