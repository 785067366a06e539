import { FoveaError, messageOf } from '../../core/index.ts'
import { fenced } from './notes.ts'
import { isStopped, type Run, type RunCall } from './run.ts'
import { type Schema, violationOf } from './schema.ts'

export interface StructuredCall<Value> extends Omit<RunCall, 'json'> {
  /** JSON Schema of the reply: `type`, `properties`, `required`, `items`, `enum` and bounds are checked. */
  readonly schema: Schema
  /** Checks further and gives the value; throws where the reply will not do. Such as the `parse` of a zod schema. */
  readonly parse?: (value: unknown) => Value
  /** Reads a reply that is no JSON, of a model without structured output; undefined where nothing can be made of it. */
  readonly plain?: (text: string) => Value | undefined
}
export type Structured<Value> =
  | { readonly value: Value; readonly how: 'json' | 'repaired' | 'plain' }
  | { readonly value: undefined; readonly how: 'dropped'; readonly why: string }

/** Most characters of an unusable reply that are shown to the model again. */
const mostShown = 8000
const unsupported = /response[_ -]?format|json[_ -]?schema|structured[_ -]?output|json mode/i

/**
 * A reply of a model as a value of a JSON Schema. What is no JSON is read as plain lines where `plain` can; what is JSON and does not
 * fit, or can be read in no way, is repaired once by a second call, then dropped with a reason. Throws what `run.call` throws.
 */
export async function structured<Value>(run: Run, given: StructuredCall<Value>): Promise<Structured<Value>> {
  const { schema, parse, plain, ...call } = given
  const form = `Reply with one JSON value of this JSON Schema and nothing else:\n${JSON.stringify(schema)}`
  const asked: RunCall = { ...call, system: call.system ? `${call.system}\n${form}` : form, json: schema }
  const { text } = await callJson(run, asked)
  if (text.trim() === '') return { value: undefined, how: 'dropped', why: 'the model replied with nothing' }
  const first = readJson(text, schema, parse)
  if ('value' in first) return { value: first.value, how: 'json' }
  if (!looksLikeJson(text, schema)) {
    const value = plain?.(text)
    if (value !== undefined) return { value, how: 'plain' }
  }
  const repaired = await repair(run, asked, text, first.fault)
  if (repaired === undefined) return { value: undefined, how: 'dropped', why: first.fault }
  const second = readJson(repaired, schema, parse)
  if ('value' in second) return { value: second.value, how: 'repaired' }
  const value = looksLikeJson(repaired, schema) ? undefined : plain?.(repaired)
  if (value !== undefined) return { value, how: 'repaired' }
  return { value: undefined, how: 'dropped', why: `${second.fault}, and before its repair: ${first.fault}` }
}

/** The same for work over chunks: what was dropped is thrown as `reply-unreadable`, which makes the chunk a gap. */
export async function structuredOrGap<Value>(
  run: Run,
  call: StructuredCall<Value>,
): Promise<{ readonly value: Value; readonly how: 'json' | 'repaired' | 'plain' }> {
  const reply = await structured(run, call)
  if (reply.how === 'dropped') throw new FoveaError('reply-unreadable', reply.why)
  return reply
}

async function callJson(run: Run, call: RunCall): Promise<{ readonly text: string }> {
  try {
    return await run.call(call)
  } catch (error) {
    if (!FoveaError.is(error, 'model-failed') || !unsupported.test(messageOf(error))) throw error
    const { json: _json, ...plainly } = call
    return run.call(plainly)
  }
}

async function repair(run: Run, call: RunCall, text: string, fault: string): Promise<string | undefined> {
  const { json = {} } = call
  try {
    const reply = await callJson(run, {
      intent: call.intent,
      purpose: `repair: ${call.purpose}`,
      system: `You repair JSON. Change its form and nothing of what it says. It must follow this JSON Schema:\n${JSON.stringify(json)}`,
      prompt: `This reply is unusable: ${fault}.\n${fenced(text.slice(0, mostShown))}\nWrite it again as valid JSON and nothing else:`,
      json,
      ...(call.maxOutputTokens === undefined ? {} : { maxOutputTokens: call.maxOutputTokens }),
      ...(call.spans ? { spans: call.spans } : {}),
    })
    return reply.text
  } catch (error) {
    run.signal.throwIfAborted()
    if (isStopped(error) || FoveaError.is(error)) return undefined
    throw error
  }
}

/** The JSON value in a reply: all of it, what is fenced, or from the first bracket to the last that closes it. */
function readJson<Value>(
  text: string,
  schema: Schema,
  parse: ((value: unknown) => Value) | undefined,
): { readonly value: Value } | { readonly fault: string } {
  let fault = 'it holds no JSON'
  for (const candidate of candidatesOf(text)) {
    let value: unknown
    try {
      value = JSON.parse(candidate)
    } catch (error) {
      if (fault === 'it holds no JSON') fault = `it is no valid JSON (${messageOf(error).slice(0, 120)})`
      continue
    }
    const violation = violationOf(value, schema)
    if (violation !== undefined) {
      fault = violation
      continue
    }
    try {
      return { value: parse ? parse(value) : (value as Value) }
    } catch (error) {
      fault = messageOf(error).slice(0, 300)
    }
  }
  return { fault }
}

function* candidatesOf(text: string): Generator<string> {
  yield text.trim()
  for (const [, fenced] of text.matchAll(/```(?:json)?\s*\n?([\s\S]*?)```/g)) yield fenced!.trim()
  for (const [open, close] of [
    ['{', '}'],
    ['[', ']'],
  ] as const) {
    const [start, end] = [text.indexOf(open), text.lastIndexOf(close)]
    if (start !== -1 && end > start) yield text.slice(start, end + 1)
  }
}

function looksLikeJson(text: string, { properties = {} }: Schema): boolean {
  if (/^\s*(?:```json|[{]|\[\s*["{])/i.test(text)) return true
  return Object.keys(properties).some((name) => text.includes(`"${name}":`))
}
