import type { TaskMeta } from '../contract.ts'
import { ChainTeller, type FactChain } from '../generators/chain.ts'
import { around, chosen, drawing, type Frame } from '../generators/draw.ts'
import { longerName, people as peopleOf } from '../generators/full-names.ts'
import { numberSaid, unsaid } from '../generators/saying.ts'
import { instance } from '../generators/tables.ts'
import { pick, shuffled } from '../random.ts'

export const meta = {
  name: 'needle-chain',
  summary: 'Nothing but relevant facts: salaries told by one another, to be added up.',
  paper: 'Moon and Lim 2025, NeedleChain, arXiv 2507.22411',
  options: { order: 'all', question: 'total' },
  metrics: ['references-said'],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

const orders = ['forward', 'backward', 'chaotic', 'parallel'] as const
const [least, base, most] = [200, 1600, 12_800]

/** How one salary follows from another. */
const steps = [
  { factor: 1, say: 'earns the same as' },
  { factor: 2, say: 'earns twice as much as' },
  { factor: 0.5, say: 'earns half as much as' },
]

/** A salary is a number, or a multiple of somebody's; a program follows those from one that is known. */
const schema = `class Pay:
    person: str
    dollars: Optional[float] = None
    times: Optional[float] = None
    of: Optional[str] = None`
const program = (
  last: string | undefined,
): string => `const byName = new Map(tables.Pay.map((row) => [row.person, row]))
const known = new Map()
for (const row of tables.Pay) {
  const way = new Set()
  let at = row
  while (at && !known.has(at.person) && !way.has(at)) {
    way.add(at)
    at = at.dollars === undefined ? byName.get(at.of) : undefined
  }
  let dollars = at && known.get(at.person)
  for (const one of [...way].reverse()) {
    dollars = one.dollars ?? (dollars === undefined ? undefined : dollars * one.times)
    known.set(one.person, dollars)
  }
}
${
  last === undefined
    ? 'return String([...known.values()].reduce((sum, dollars) => sum + (dollars ?? 0), 0))'
    : `return String(known.get(${JSON.stringify(last)}) ?? 'It is not known.')`
}`

/** Salaries as long as one likes; in parallel each is told by itself. They stay between 200 and 12,800 dollars. */
function salaries(parallel: boolean, random: () => number) {
  const name = peopleOf(random)
  const list: { readonly person: string; readonly salary: number; readonly say?: string; readonly factor?: number }[] =
    []
  const at = (number: number) => {
    while (list.length <= number) {
      const before = list.at(-1)
      if (parallel || !before) {
        const salary = parallel ? least * 2 ** Math.floor(random() * 7) : base
        list.push({ person: name(), salary })
        continue
      }
      const fitting = steps.filter(({ factor }) => before.salary * factor >= least && before.salary * factor <= most)
      const { factor, say } = pick(fitting, random)
      list.push({ person: name(), salary: before.salary * factor, say, factor })
    }
    return list[number]!
  }
  const chain: FactChain = {
    person: (number) => at(number).person,
    fact(number, subject, before) {
      const { salary, say } = at(number)
      return say ? `${subject} ${say} ${before}.` : `${subject} was paid $${salary} last week.`
    },
    longer: (person) => longerName(person, random),
  }
  return {
    chain,
    salary: (number: number): number => at(number).salary,
    factor: (number: number): number | undefined => at(number).factor,
  }
}

/** Where the paper has 5 to 200 people, a length decides how many there are; longer names fill the last tokens. */
export default drawing(meta.name, (request) => {
  const teller = new ChainTeller(request)
  return async ({ id, index, random }) => {
    const order = chosen(request.options, 'order', orders, index)
    const question = chosen(request.options, 'question', ['total', 'last'] as const, Math.floor(index / orders.length))
    const parallel = order === 'parallel'
    const { chain, salary, factor } = salaries(parallel, random)
    const frame = (people: readonly string[]): Frame => ({
      instruction: 'Below is what people earned last week, each told on a line of its own.',
      question:
        question === 'total'
          ? 'How many dollars did all of these people earn together last week?'
          : `How many dollars did ${people.at(-1)} earn last week?`,
      cue: 'The answer in dollars is',
    })
    const { source, evidence, people, tokens } = await teller.tell(
      id,
      chain,
      (people) => around(frame(people)),
      (count) => {
        const numbers = Array.from({ length: count }, (_, number) => number)
        if (order === 'backward') return numbers.reverse()
        return order === 'forward' ? numbers : shuffled(numbers, random)
      },
      random,
    )
    const amounts = people.map((_, number) => salary(number))
    const total = amounts.reduce((sum, amount) => sum + amount, 0)
    const gold = question === 'total' ? total : amounts.at(-1)!
    const alone = parallel && question === 'last'
    return {
      ...frame(people),
      id,
      cell: `${meta.name}, ${order}`,
      corpus: { id, sources: [source] },
      answers: [[String(gold), gold.toLocaleString('en-US')]],
      evidence: alone ? evidence.slice(-1) : evidence,
      solve(seen) {
        if (question === 'last') return seen.every(Boolean) ? String(gold) : unsaid
        const until = parallel || !seen.includes(false) ? amounts.length : seen.indexOf(false)
        const known = amounts.filter((_, number) => number < until && seen[number])
        return known.length > 0 ? String(known.reduce((sum, amount) => sum + amount, 0)) : unsaid
      },
      table: {
        schema,
        program: program(question === 'last' ? people.at(-1) : undefined),
        record(number) {
          const times = factor(number)
          const rest = times === undefined ? { dollars: salary(number) } : { times, of: people[number - 1] }
          return instance('Pay', { person: people[number], ...rest })
        },
      },
      check: (said) => numberSaid(said, gold),
      tags: { length: request.length, order, question, people: people.length },
      tokens,
    }
  }
})
