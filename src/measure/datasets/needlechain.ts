import { makeSource, type Span } from '../../core/index.ts'
import { readRows } from '../adapters/files.ts'
import type { Dataset, DatasetMeta, Sample } from '../contract.ts'
import { joined } from '../corpus.ts'
import { lastNumber } from '../exam.ts'
import { Wanted } from '../generators/wanted.ts'

export const meta = {
  name: 'needlechain',
  summary:
    'Chains of salaries of which every line is needed, in four orders: the total, the last salary, and who is last.',
  paper: 'Moon and Lim 2025, NeedleChain, arXiv 2507.22411',
  folder: 'needlechain',
  licence: 'none is stated',
  metrics: ['references-said', 'all-gold'],
  tested: 'published',
} as const satisfies DatasetMeta

const orders = ['forward', 'backward', 'chaotic', 'parallel'] as const
type Order = (typeof orders)[number]
const asked = ['total', 'single', 'last'] as const
type Asked = (typeof asked)[number]
type Row = { readonly idx: number } & {
  readonly [Key in `${Order}_${'chain' | 'lastname'}`]: string
} & { readonly [Key in `${Order}_${'total' | 'single'}_val`]: number }

/** A line of a chain: someone's salary, given outright or by another's. */
interface Fact {
  readonly name: string
  readonly dollars?: number
  readonly of?: string
  readonly times?: number
}
const times: Readonly<Record<string, number>> = {
  'twice as much as': 2,
  'half as much as': 0.5,
  'the same salary as': 1,
}

function factOf(line: string): Fact {
  const [, name, dollars] = /^(.+) received \$([\d.]+) last week\.$/.exec(line) ?? []
  if (name !== undefined) return { name, dollars: Number(dollars) }
  const [, who = line, how = '', other] = /^(.+) earns (.+ as) (.+)\.$/.exec(line) ?? []
  return { name: who, times: times[how] ?? Number.NaN, ...(other === undefined ? {} : { of: other }) }
}

/** What follows from some facts: the salaries of those whose chain back to dollars is whole. */
function salaries(facts: readonly Fact[]): Map<string, number> {
  const known = new Map(facts.flatMap(({ name, dollars }) => (dollars === undefined ? [] : [[name, dollars] as const])))
  for (let grown = true; grown; ) {
    grown = false
    for (const { name, of, times = 1 } of facts)
      if (of !== undefined && !known.has(name) && known.has(of)) {
        known.set(name, known.get(of)! * times)
        grown = true
      }
  }
  return known
}

const silent = 'The text does not say.'
const answerTo: Readonly<Record<Asked, (facts: readonly Fact[], last: string) => string>> = {
  total: (facts) => String([...salaries(facts).values()].reduce((sum, value) => sum + value, 0)),
  single: (facts, last) => String(salaries(facts).get(last) ?? silent),
  last(facts) {
    const others = new Set(facts.map(({ of }) => of))
    return facts.find(({ name }) => !others.has(name))?.name ?? silent
  },
}
const questionOf: Readonly<Record<Asked, (last: string) => string>> = {
  total: () => 'How many dollars do all of these people make in a week, taken together?',
  single: (last) => `How many dollars does ${last} make in a week?`,
  last: () => "One person's salary is told by another's, but nobody's is told by that person's. Who is it?",
}
const cues: Readonly<Record<Asked, string>> = {
  total: 'End with the number.',
  single: 'End with the number.',
  last: 'Answer with the name alone.',
}

/**
 * Evidence is each line that is needed: all, but for one salary of `parallel`, where each line stands alone; there nobody is
 * last, so that is not asked. Whoever misses a line adds up what still follows. The wording of the questions is ours.
 */
const dataset: Dataset = async function* (request) {
  const wanted = new Wanted(request)
  for (const size of [5, 10, 50]) {
    const name = (order: Order, what: Asked): string => `NeedleChain, k${size} ${order}, ${what}`
    const pairs = orders.flatMap((order) => asked.map((what) => [order, what] as const))
    if (!pairs.some(([order, what]) => wanted.any(name(order, what)))) continue
    for await (const row of readRows<Row>(request, `${meta.folder}/k${size}.jsonl`, `k${size}---val1600.jsonl`))
      for (const order of orders) {
        const lines = row[`${order}_chain`].split('\n')
        const kinds = asked.filter((what) => order !== 'parallel' || what !== 'last')
        const taken = kinds.filter((what) => wanted.take(name(order, what)))
        if (taken.length === 0) continue
        const { text, ranges } = joined(lines.map((line) => ({ text: line })))
        const id = `k${size} ${row.idx} ${order}`
        const source = await makeSource({ uri: `${id}.txt`, text, mediaType: 'text/plain' })
        const units = ranges.map(([start, end]): Span => ({ source: source.id, start, end }))
        const corpus = { id, sources: [source], units }
        const facts = lines.map(factOf)
        const last = row[`${order}_lastname`]
        for (const what of taken) {
          const needed = units.map((_, index) => index)
          const own =
            order === 'parallel' && what === 'single' ? needed.filter((at) => facts[at]!.name === last) : needed
          const gold = what === 'last' ? last : row[`${order}_${what}_val`]
          yield {
            id: `${id} ${what}`,
            cell: name(order, what),
            corpus,
            question: questionOf[what](last),
            cue: cues[what],
            answers: [formsOf(gold)],
            evidence: own.map((at) => units[at]!),
            tags: { k: size, order, asked: what },
            solve: (seen) =>
              answerTo[what](
                own.flatMap((at, index) => (seen[index] ? [facts[at]!] : [])),
                last,
              ),
            ...(typeof gold === 'number'
              ? { check: (said: string) => ({ correct: Math.abs((lastNumber(said) ?? -1) - gold) < 1e-6 ? 1 : 0 }) }
              : {}),
          } satisfies Sample
        }
      }
  }
}

const formsOf = (gold: string | number): string[] =>
  typeof gold === 'string'
    ? [gold]
    : [...new Set([String(gold), gold.toLocaleString('en-US', { maximumFractionDigits: 12 })])]

export default dataset
