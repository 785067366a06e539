import { FoveaError, messageOf, type Span, sentences } from '../../core/index.ts'
import type { Chunk } from './chunks.ts'
import { grouped } from './groups.ts'
import { mapOrdered } from './map.ts'
import { shown } from './notes.ts'
import type { RecordSchema } from './record-schema.ts'
import { extracting, located, type PlainRecord, recordsIn, recordText, textsOf } from './records.ts'
import { isStopped, type Run } from './run.ts'

/** A sentence, or a line where lines are none, that may be told as a row. */
export interface Unit {
  readonly span: Span
  readonly text: string
}
/** A record as a row of a table: the sentence that says it is its evidence. */
export interface Row extends PlainRecord {
  readonly span: Span
  /** Names of the fields that the sentence does not say: inferred by the model, or said elsewhere in the part. */
  readonly inferred: readonly string[]
}

/** The units of a chunk, none of them only of space. */
export function unitsOf({ span, text }: Chunk): Unit[] {
  return sentences(text).flatMap(([start, end]) => {
    const units: Unit[] = []
    for (let at = start; at < end; ) {
      const line = text.indexOf('\n', at)
      const stop = line === -1 || line >= end ? end : line
      const own = text.slice(at, stop)
      const from = at + (own.length - own.trimStart().length)
      const to = at + own.trimEnd().length
      if (from < to)
        units.push({
          span: { source: span.source, start: span.start + from, end: span.start + to },
          text: text.slice(from, to),
        })
      at = stop + 1
    }
    return units
  })
}

/**
 * Records that a model made of some units, each with the one that says most of it and that no equal record has: so what a text states
 * twice counts twice, and what a model repeats counts once. A record of which no unit says any part is `invented`.
 */
export function rowsOf(
  records: readonly PlainRecord[],
  schema: RecordSchema,
  units: readonly Unit[],
): { readonly rows: Row[]; readonly invented: PlainRecord[] } {
  const rows: Row[] = []
  const invented: PlainRecord[] = []
  const taken = new Set<string>()
  for (const record of records) {
    const texts = [...textsOf(record, schema)].map(([, text]) => text)
    const hits = units.map(({ text }) => texts.filter((one) => text.includes(one)).length)
    const most = Math.max(0, ...hits)
    const key = JSON.stringify([record.type, record.fields])
    const placeOf = ({ span }: Unit): string => `${span.source} ${span.start} ${key}`
    const likely = units.filter((_, index) => hits[index] === most)
    const free = likely.filter((unit) => !taken.has(placeOf(unit)))
    let best: (Row & { readonly unit: Unit }) | undefined
    // Where words were changed on the way, any unit may be the one.
    for (const unit of most > 0 ? free.slice(0, 1) : free) {
      const found = located(record, schema, { ...unit, label: '', index: 0 })
      const inferred = found?.ungrounded.map((path) => path.split('.')[0]!)
      if (inferred && (!best || inferred.length < best.inferred.length))
        best = { ...record, span: unit.span, inferred, unit }
    }
    if (best) {
      const { unit, ...row } = best
      taken.add(placeOf(unit))
      rows.push(row)
    } else if (free.length === likely.length) invented.push(record)
  }
  return { rows, invented }
}

const wordsOf = (text: string): Set<string> =>
  new Set(
    text
      .toLowerCase()
      .match(/\p{L}+|\p{N}+/gu)
      ?.map((word) => (/\p{N}/u.test(word) ? '#' : word)),
  )
/**
 * A word tells the two kinds of sentences apart where it stands in this share of one kind, and the shares differ by so many standard
 * errors: what is missed by chance has names of its own.
 */
const [frequent, telling] = [0.02, 6]
/** Units with a row that are kept to say how low they score. */
const mostKept = 2000

/**
 * Tells the sentences without a row that look like those with one, by the words in which the two differ (log odds of a word in the one
 * and in the other). Where the two do not differ, all look alike.
 */
export class Likeness {
  readonly #with = new Map<string, number>()
  readonly #without = new Map<string, number>()
  readonly #kept: Set<string>[] = []
  #counts: [number, number] = [0, 0]

  add(text: string, row: boolean): void {
    const words = wordsOf(text)
    const counts = row ? this.#with : this.#without
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
    const at = this.#counts[row ? 0 : 1]++
    if (row && at < mostKept) this.#kept.push(words)
  }

  /** Gives a test for texts. Sentences with a row score at least `least`; half the spread of theirs is allowed below it. */
  suspects(): (text: string) => boolean {
    const [own, other] = this.#counts
    if (own === 0) return () => false
    const odds = new Map<string, number>()
    for (const word of new Set([...this.#with.keys(), ...this.#without.keys()])) {
      const [a, b] = [this.#with.get(word) ?? 0, this.#without.get(word) ?? 0]
      const [here, there] = [a / own, b / Math.max(1, other)]
      const share = (a + b) / (own + other)
      const error = Math.sqrt(share * (1 - share) * (1 / own + 1 / Math.max(1, other)))
      if (Math.max(here, there) >= frequent && Math.abs(here - there) > telling * error)
        odds.set(word, Math.log((a + 0.5) / (own + 1)) - Math.log((b + 0.5) / (other + 1)))
    }
    const score = (words: ReadonlySet<string>): number =>
      [...words].reduce((sum, word) => sum + (odds.get(word) ?? 0), 0)
    const scores = this.#kept.map(score).sort((a, b) => a - b)
    const least = scores[0]!
    const bar = least - (scores[scores.length >> 1]! - least) / 2 - 1e-9
    return (text) => score(wordsOf(text)) >= bar
  }
}

/** Most tokens of a reply with rows. */
const replyTokens = 3000

/**
 * All rows of a schema that the text states, in order. Each part of so many tokens is read once; then the sentences that look like those with a row
 * and have none are looked at again, in short prompts, up to `looks` times or until a look finds nothing.
 */
export async function readRows(run: Run, schema: RecordSchema, tokens: number): Promise<Row[]> {
  const size = Math.min(run.room, tokens)
  const rows: Row[] = []
  const left: Span[] = []
  const sources = new Map<string, number>()
  const likeness = new Likeness()
  const look = async (units: readonly Unit[], text: string, purpose: string): Promise<Row[]> => {
    const spans = units.map(({ span }) => span)
    const reply = await run.call({
      intent: 'extract',
      purpose,
      system: extracting(schema),
      prompt: shown(text, run.request.question, 'Write the instances, or reply NONE:'),
      maxOutputTokens: replyTokens,
      spans,
    })
    if (reply.finish === 'length') run.warn('cut-off', 'the reply was cut off: what it lacks is looked at again', spans)
    const { records, problems } = recordsIn(reply.text, schema)
    const { rows: own, invented } = rowsOf(records, schema, units)
    for (const why of problems) run.warn('record-dropped', why, spans.slice(0, 1))
    if (invented.length > 0) run.warn('invented', `${invented.length} rows stand nowhere in the part: left out`, spans)
    for (const row of own)
      run.note({ text: recordText(row), evidence: [row.span], derived: true, kind: row.type, at: row.span.start })
    return own
  }
  const withRow = (own: readonly Row[]): ReadonlySet<number> => new Set(own.map(({ span }) => span.start))
  const read = run.over(run.chunks({ tokens: size }), async (chunk) => {
    const units = unitsOf(chunk)
    return { units, own: await look(units, chunk.text, `rows in ${chunk.label}`) }
  })
  for await (const { units, own } of read) {
    const known = withRow(own)
    for (const { span, text } of units) {
      if (!sources.has(span.source)) sources.set(span.source, sources.size)
      likeness.add(text, known.has(span.start))
      if (!known.has(span.start)) left.push(span)
    }
    rows.push(...own)
  }
  const suspect = likeness.suspects()
  let suspects: Unit[] = []
  for (const span of left) {
    const text = await run.parts.texts.slice(span, run.signal)
    if (suspect(text)) suspects.push({ span, text })
  }
  const most = run.option('looks', 4)
  for (let time = 0; time < most && suspects.length > 0 && run.stopped === undefined; time++) {
    const batches = grouped(suspects, ({ text }) => run.parts.counter.count(text) + 1, size / 2)
    const found = mapOrdered(
      batches,
      async (units) => {
        if (run.stopped !== undefined) return []
        try {
          return await look(
            units,
            units.map(({ text }) => text).join('\n'),
            `look again at ${units.length} ${units.length === 1 ? 'sentence' : 'sentences'}`,
          )
        } catch (error) {
          run.signal.throwIfAborted()
          if (!FoveaError.is(error)) throw error
          if (!isStopped(error))
            run.warn(
              'not-looked-at',
              messageOf(error),
              units.map(({ span }) => span),
            )
          return []
        }
      },
      run.concurrency,
    )
    const again: Row[] = []
    for await (const own of found) again.push(...own)
    if (again.length === 0) break
    rows.push(...again)
    const known = new Set(again.map(({ span }) => `${span.source} ${span.start}`))
    suspects = suspects.filter(({ span }) => !known.has(`${span.source} ${span.start}`))
  }
  const placeOf = ({ span }: Row): number => sources.get(span.source)!
  return rows.sort((one, other) => placeOf(one) - placeOf(other) || one.span.start - other.span.start)
}
