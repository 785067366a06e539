import type { Span } from '../../core/index.ts'
import type { StrategyMeta } from '../contract.ts'
import type { Chunk } from '../reading/chunks.ts'
import { composed, type Line, nothingFound } from '../reading/composed.ts'
import { recordConflicts } from '../reading/conflicts.ts'
import { jsonIn } from '../reading/json.ts'
import { fenced, shown } from '../reading/notes.ts'
import { type RecordSchema, schemaOf, schemaOfExamples } from '../reading/record-schema.ts'
import {
  exportRecords,
  extracting,
  located,
  mergedRecords,
  type PlainRecord,
  recordsIn,
  recordText,
  type TypedRecord,
} from '../reading/records.ts'
import { type Run, reading } from '../reading/run.ts'
import { mostSimilar } from '../reading/similar.ts'

export const meta = {
  name: 'extract-schema',
  summary:
    'A schema in, typed records out: written by the model as instances of classes, read without running them, each text where it stands.',
  paper:
    'Guo et al. 2023, Code4UIE, arXiv 2311.02962; DocIE@XLLM25, in-context learning with synthetic demonstrations; ByteScience',
  needs: ['model'],
  use: 'When the text is to become records: entities, relations, events, rows of a table.',
  chunk: 2000,
  calls: 'chunks + repairs',
  flow: 'every part > records as code > read without running it > ? sound > records, each text where it stands',
} as const satisfies StrategyMeta

interface Demonstration {
  readonly text: string
  readonly records: readonly PlainRecord[]
}
/** What is taken out where no schema is given: sentences. */
const plain: RecordSchema = [
  {
    name: 'Statement',
    about: 'a sentence that helps to answer the question',
    fields: [{ name: 'text', type: { kind: 'text' }, required: true }],
  },
]

/**
 * Options: `schema` (classes or JSON RecordSchema; without it that of the demonstrations, and without those statements), `demonstrations`
 * (JSON: a list of `{text, records: [{type, fields}]}`; the `shots` (3) most like the part are shown, the most like last), `strict` (leave
 * out records with any text that stands nowhere), `format` (`json` for lines that `importRecords` reads again, default `text`). A reply with faults is repaired once; what still has some is dropped with a reason.
 * Ours trains nothing, where ByteScience fine-tunes, and takes
 * demonstrations as they are given, where DocIE lets a model write them.
 */
const extractSchema = reading(meta.name, async (run) => {
  const demonstrations = demonstrationsOf(run)
  const given = run.option('schema', '' as string)
  const schema = (given === '' ? undefined : schemaOf(given)) ?? learned(demonstrations) ?? plain
  if (given !== '' && !schemaOf(given))
    run.warn('schema-unreadable', 'the schema is neither classes nor JSON RecordSchema')
  const size = Math.min(run.room, run.option<number>('chunk', meta.chunk))
  run.emit({ type: 'planned', plan: `Make records of ${schema.map(({ name }) => name).join(', ')} from every part.` })
  const records: TypedRecord[] = []
  const read = run.over(run.chunks({ tokens: size, overlap: Math.floor(size / 20) }), async (chunk) => {
    const parsed = await ask(run, chunk, schema, demonstrations)
    return { chunk, parsed }
  })
  for await (const { chunk, parsed } of read) {
    const own = parsed.records.flatMap((record) => {
      const found = located(record, schema, chunk)
      const loose = found?.ungrounded ?? []
      const where = `nowhere in ${chunk.label}`
      if (!found) run.warn('ungrounded', `${record.type}: all of it stands ${where}: left out`, [chunk.span])
      else if (loose.length > 0)
        run.warn(
          'ungrounded',
          `${record.type}: ${loose.join(', ')} ${loose.length === 1 ? 'stands' : 'stand'} ${where}`,
          [chunk.span],
        )
      return !found || (loose.length > 0 && run.option('strict', false)) ? [] : [found]
    })
    for (const why of parsed.problems) run.warn('record-dropped', `${why} (${chunk.label})`, [chunk.span])
    for (const record of own)
      run.note({
        text: JSON.stringify(record.fields),
        evidence: spansOf(record),
        derived: true,
        kind: record.type,
        at: chunk.index,
      })
    records.push(...own)
  }
  const all = mergedRecords(records)
  if (all.length === 0) return nothingFound(run, 'no part that was read has what the schema asks for')
  for (const { one, other, field } of recordConflicts(all))
    run.warn('conflict', `${one.type}: two values of ${field}`, [...spansOf(one), ...spansOf(other)])
  const lines = all.map((record, at): Line => {
    const text = run.option('format', 'text' as string) === 'json' ? exportRecords([record]) : recordText(record)
    return { text, notes: spansOf(record).map((span) => ({ text: '', evidence: [span], derived: false, at })) }
  })
  return composed(run, lines)
})
export default extractSchema

const spansOf = ({ spans, also = [] }: TypedRecord): Span[] => [...Object.values(spans), ...also]

function demonstrationsOf(run: Run): Demonstration[] {
  const given = run.option('demonstrations', '' as string)
  const list = given === '' ? [] : jsonIn(given)
  const sound = (Array.isArray(list) ? list : []).filter(
    (one): one is Demonstration =>
      typeof one?.text === 'string' &&
      Array.isArray(one.records) &&
      one.records.every(
        (record: PlainRecord | null) => typeof record?.type === 'string' && typeof record.fields === 'object',
      ),
  )
  if (given !== '' && sound.length === 0)
    run.warn('demonstrations-unreadable', 'no demonstration has a text and records')
  return sound
}
const learned = (list: readonly Demonstration[]): RecordSchema | undefined =>
  list.length > 0 ? schemaOfExamples(list.flatMap(({ records }) => records)) : undefined

/** One call, and one more where the reply has faults; the reply with more sound records is kept. */
async function ask(run: Run, chunk: Chunk, schema: RecordSchema, demonstrations: readonly Demonstration[]) {
  const texts = demonstrations.map(({ text }) => text)
  const near = mostSimilar(chunk.text, texts, run.parts.analyzer, run.option('shots', 3)).reverse()
  const shots = near.map(({ index }) => {
    const { text, records } = demonstrations[index]!
    return `Example text:\n${fenced(text)}\nExample records:\n${records.map(codeOf).join('\n') || 'NONE'}\n\n`
  })
  const prompt = `${shots.join('')}${shown(chunk.text, run.request.question, 'Write the instances, or reply NONE:')}`
  const call = { intent: 'extract', system: extracting(schema), maxOutputTokens: 1500, spans: [chunk.span] } as const
  const { text: reply } = await run.call({ ...call, purpose: `records in ${chunk.label}`, prompt })
  const first = recordsIn(reply, schema)
  if (first.problems.length === 0 || run.stopped !== undefined) return first
  const again = `${prompt}\n\nYou wrote:\n${fenced(reply.slice(0, 4000))}\n\nThis is wrong:\n${fenced(first.problems.slice(0, 8).join('; '))}\nWrite all instances again, right this time:`
  try {
    const second = recordsIn((await run.call({ ...call, purpose: 'repair records', prompt: again })).text, schema)
    return second.records.length >= first.records.length ? second : first
  } catch {
    run.signal.throwIfAborted()
    return first
  }
}

/** A record as the code that makes it. */
function codeOf({ type, fields }: PlainRecord): string {
  const value = (one: unknown): string =>
    Array.isArray(one)
      ? `[${one.map(value).join(', ')}]`
      : typeof one === 'object' && one !== null
        ? codeOf(one as PlainRecord)
        : typeof one === 'boolean'
          ? one
            ? 'True'
            : 'False'
          : JSON.stringify(one)
  return `${type}(${Object.entries(fields)
    .map(([name, one]) => `${name}=${value(one)}`)
    .join(', ')})`
}
