import { answersIn } from '../answers.ts'
import type { Haystack, TaskMeta } from '../contract.ts'
import { NeedlePlacer } from '../generators/needles.ts'
import { makeQuery, type QueryKind, queries, rowClasses, seatClasses, type Tables } from '../generators/queries.ts'
import { aroundOf, numberOption, series, wordOption } from '../generators/series.ts'
import {
  type Domain,
  domains,
  instance,
  makeRow,
  makeSeats,
  otherRows,
  type Row,
  type Seat,
} from '../generators/tables.ts'
import { saysNumber } from '../numbers.ts'
import { hashOf, pick, seededRandom, shuffled } from '../random.ts'
import { rowF1 } from '../rows.ts'

export const meta = {
  name: 'database-questions',
  summary: 'Rows of tables put in words, and a question that a database would answer from all rows of a kind.',
  paper: 'Maekawa et al. 2024, HoloBench, arXiv 2410.11996',
  options: { query: 'any', density: 0.25, spread: 'even', noise: 'tables' },
  metrics: ['row-f1'],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

/** A line of the text that counts: a row of one of both tables. */
interface Line {
  readonly text: string
  readonly row?: Row
  readonly seat?: Seat
}

/** Rows that there are however low the density. */
const fewestRows = 4
/** Tokens of the prompt around the text, near enough to say how many rows make up a share of it. */
const around = 90

/**
 * `density` is the share of the text's tokens that are rows of the tables asked about; `spread` says whether they stand
 * `together` at the depth asked for, `even` or at `random`; `noise` is rows of other `tables` or the `haystack`; `query` is
 * what a database would do. Right is what a program gets from the rows. Lists are scored by F1 over rows (in order, where
 * they are to be sorted), numbers and single names by being right; HoloBench asks a model whether rows agree.
 */
export default series(
  meta,
  (request) => {
    const placers = new Map<Domain, { placer: NeedlePlacer; haystack: Haystack }>()
    const own = wordOption(request.options, 'noise', ['tables', 'haystack']) === 'tables'
    return (domain: Domain) => {
      const known = placers.get(domain)
      if (known) return known
      const random = seededRandom(hashOf(`${meta.name} ${request.seed} ${domain.name}`))
      const haystack = own ? otherRows(domain, request.length, random) : request.haystack
      const made = { placer: new NeedlePlacer({ ...request, haystack }), haystack }
      placers.set(domain, made)
      return made
    }
  },
  async ({ request, kit, id, random, depth }) => {
    const { options, counter, length } = request
    const density = numberOption(options, 'density', 0.01, 1)
    const spread = wordOption(options, 'spread', ['together', 'even', 'random'])
    const asked = wordOption(options, 'query', ['any', ...queries])
    const kind = asked === 'any' ? pick(queries, random) : asked
    const domain = pick(domains, random)
    const seats = kind === 'join' ? makeSeats(domain, random) : []
    const told: Line[] = seats.map((seat) => ({ text: pick(domain.seats, random)(seat), seat }))
    const used = new Set<string>()
    const room = density * (length - around)
    let tokens = told.reduce((sum, { text }) => sum + counter.count(` ${text}`), 0)
    for (;;) {
      const row = makeRow(domain, random)
      if (used.has(row.name)) continue
      const text = pick(domain.rows, random)(row)
      tokens += counter.count(` ${text}`)
      if (tokens > room && used.size >= fewestRows) break
      used.add(row.name)
      told.push({ text, row })
    }
    const lines = shuffled(told, random)
    const tablesOf = (seen: (index: number) => boolean | undefined): Tables => ({
      rows: lines.flatMap(({ row }, index) => (row && seen(index) ? [row] : [])),
      seats: lines.flatMap(({ seat }, index) => (seat && seen(index) ? [seat] : [])),
    })
    const query = makeQuery(
      kind,
      domain,
      tablesOf(() => true),
      random,
    )
    const gold = query.run(tablesOf(() => true))
    const ask = {
      instruction: `Facts about ${domain.many} are spread over the text below. Take all of them into account.`,
      question: query.question,
      cue: query.cue,
    }
    const places = { together: () => depth, even: (index: number) => (index + 0.5) / lines.length, random }
    const { placer, haystack } = kit(domain)
    const from = Math.floor(random() * haystack.sentences.length)
    const needles = lines.map(({ text }, index) => ({ text, depth: places[spread](index) }))
    const hidden = await placer.hide(id, needles, aroundOf(ask), from)
    return {
      id,
      cell: kind,
      corpus: hidden.corpus,
      ...ask,
      answers: gold,
      evidence: hidden.spans,
      tags: {
        length,
        ...(spread === 'together' ? { depth } : {}),
        query: kind,
        domain: domain.name,
        rows: lines.length,
        density,
        spread,
        diffusion: spread === 'together' ? 'low' : 'high',
        scope: lines.length < 5 ? 'low' : 'high',
      },
      tokens: hidden.tokens,
      solve(seen) {
        const found = query.run(tablesOf((index) => seen[index]))
        return found.length === 0 ? 'none' : found.map(([form]) => form).join('\n')
      },
      table: {
        schema: kind === 'join' ? `${rowClasses}\n\n${seatClasses}` : rowClasses,
        program: query.program,
        record(index) {
          const { row, seat } = lines[index]!
          return row
            ? instance('Row', { name: row.name, group: row.group, amount: row.amount })
            : instance('Seat', { ...seat! })
        },
      },
      check: (said) => ({ 'row-f1': right(kind, said, gold, used) }),
    }
  },
)

/** A number or a single name is right or wrong, whatever else is said; of names, none but the right one may be said. */
function right(
  kind: QueryKind,
  said: string,
  gold: readonly (readonly string[])[],
  names: ReadonlySet<string>,
): number {
  if (['count', 'sum', 'average'].includes(kind)) return saysNumber(said, gold[0]!) ? 1 : 0
  if (kind !== 'max' && kind !== 'min') return rowF1(said, gold, kind === 'sort')
  const holds = answersIn(said)
  const named = [...names].filter((name) => holds([name]))
  return named.length > 0 && named.every((name) => gold[0]!.includes(name)) ? 1 : 0
}
