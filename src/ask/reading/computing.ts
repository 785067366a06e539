import { messageOf } from '../../core/index.ts'
import { runProgram } from '../adapters/sandbox.ts'
import type { RecordSchema } from './record-schema.ts'
import type { Row } from './rows.ts'
import type { Run } from './run.ts'

const limitsOf = (run: Run) => ({
  time: run.option('time', 20_000),
  memory: run.option('memory', 2 ** 28),
  calls: 1,
})

/** Why a program cannot be read; it is not run. */
export async function unreadable(run: Run, program: string): Promise<string | undefined> {
  const source = `async function answer(tables, question) {\n${program}\n}\nreturn ''`
  return (await runProgram(source, {}, limitsOf(run), run.signal)).error
}

/** What a program made of rows. */
export interface Made {
  readonly answer: string
  /** Numbers of the rows that it rests on, where the program tells. */
  readonly used?: readonly number[]
}

/** Runs the body of a function of `tables` and `question` over rows, in the sandbox. */
export async function computed(
  run: Run,
  schema: RecordSchema,
  program: string,
  rows: readonly Row[],
): Promise<{ readonly made?: Made; readonly error?: string }> {
  const most = run.option('listed', 200)
  const source = `const { types, rows } = await load()
const tables = Object.fromEntries(types.map((name) => [name, []]))
const numbers = new Map()
rows.forEach(([type, fields], number) => { tables[type].push(fields); numbers.set(fields, number) })
const question = ${JSON.stringify(run.request.question)}
const made = await (async (tables, question) => {
${program}
})(tables, question)
const whole = typeof made === 'object' && made !== null && 'answer' in made
const told = (value) => typeof value === 'string' ? value : Array.isArray(value) ? value.map(told).join('\\n') : JSON.stringify(value) ?? ''
const used = whole && Array.isArray(made.records) ? made.records.map((one) => numbers.get(one)).filter((one) => one !== undefined).slice(0, ${most}) : undefined
return JSON.stringify({ answer: told(whole ? made.answer : made).slice(0, 200000), used })`
  const load = async () => ({
    types: schema.map(({ name }) => name),
    rows: rows.map(({ type, fields }) => [type, fields]),
  })
  const { value, error } = await runProgram(source, { load: load as never }, limitsOf(run), run.signal)
  if (error !== undefined || value === undefined) return { error: error ?? 'the program gave nothing' }
  try {
    return { made: JSON.parse(value) as Made }
  } catch (fault) {
    return { error: messageOf(fault) }
  }
}
