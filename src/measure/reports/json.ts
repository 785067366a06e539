import { aggregate } from '../aggregate.ts'
import type { Report, ReportMeta } from '../contract.ts'

export const meta = {
  name: 'json',
  summary: 'All aggregates with their counts and intervals, what was run, who is best, splits by tag, and analyses.',
  ending: 'json',
} as const satisfies ReportMeta

/** A list, an entry a line, so that it can be read by line and compared by line. */
function* list(name: string, values: readonly unknown[]): Generator<string> {
  yield `,\n"${name}": [`
  for (const [at, value] of values.entries()) yield `${at === 0 ? '' : ','}\n${JSON.stringify(value)}`
  yield '\n]'
}

const report: Report = async function* (input) {
  const { title, facts, groups, bySeed, standings, splits, analyses } = await aggregate(input, { bySeed: 'all' })
  const told = { ...facts, failures: facts.failures.map((one) => ({ ...one, systems: [...one.systems] })) }
  yield `{"title": ${JSON.stringify(title)},\n"facts": ${JSON.stringify(told)}`
  yield* list('groups', groups)
  yield* list('seeds', bySeed)
  yield* list('standings', standings)
  yield* list('splits', splits)
  yield* list('analyses', analyses)
  yield '\n}\n'
}
export default report
