import type { AskEvent, AskParts, AskRequest, Strategy } from '../../src/ask/index.ts'
import { strategies } from '../../src/ask/index.ts'
import { type Run, reading } from '../../src/ask/reading/run.ts'
import { type Answer, loadLeaf, makeSource, split } from '../../src/core/index.ts'
import type { ModelCall } from '../../src/model/index.ts'
import { type ScriptedModel, scriptedModel } from '../../src/testing/index.ts'
import { o200k, shelf } from './shelf.ts'

/** A program that stands in for a model: it replies as it is scripted, and counts. */
export interface Scripted extends ScriptedModel {
  /** Tokens of all prompts and replies. */
  readonly tokens: () => number
}
export type Script = (call: ModelCall, index: number) => string | Error | Promise<string | Error>

export function scripted(script: Script, window?: number): Scripted {
  const model = scriptedModel(script, { counter: o200k, ...(window === undefined ? {} : { window }) })
  const tokens = (): number => model.usage().inputTokens.total + model.usage().outputTokens
  return Object.assign(model, { tokens })
}

/** Texts as sources, with what a strategy is given. */
export async function library(texts: Readonly<Record<string, string>> | readonly string[]) {
  const named = Array.isArray(texts)
    ? texts.map((text, index) => [`${index}.txt`, text] as const)
    : Object.entries(texts as Record<string, string>)
  const items = await Promise.all(
    named.map(async ([uri, text]) => {
      const source = await makeSource({ uri, text, mediaType: 'text/plain' })
      return { source, chunks: split(source, { size: 60 }) }
    }),
  )
  return { items, parts: await shelf(items) }
}

export interface Told {
  readonly answer: Answer
  readonly events: readonly AskEvent[]
}

export async function tell(
  strategy: string | Strategy,
  parts: AskParts,
  request: Partial<AskRequest> & { readonly question: string },
  onEvent?: (event: AskEvent) => void,
): Promise<Told> {
  const found = typeof strategy === 'string' ? await loadLeaf(strategies, strategy) : strategy
  const events: AskEvent[] = []
  for await (const event of found(parts, { budget: 1500, limit: 20, ...request })) {
    events.push(event)
    onEvent?.(event)
  }
  const last = events.at(-1)
  if (last?.type !== 'answer') throw new Error('the last event is no answer')
  return { answer: last.answer, events }
}

/** Gives a run to work with, over a library. */
export async function withRun<Value>(
  parts: AskParts,
  request: Partial<AskRequest>,
  work: (run: Run) => Promise<Value>,
): Promise<{ readonly value: Value; readonly events: readonly AskEvent[] }> {
  let value: Value | undefined
  const strategy = reading('test', async (run) => {
    value = await work(run)
    const pack = await parts.pack([], 10, '')
    return { text: 'done', found: true, citations: [], unsupported: [], pack, usage: run.usage(), trail: [] }
  })
  const { events } = await tell(strategy, parts, { question: 'What?', ...request })
  return { value: value as Value, events }
}

export const warnings = (events: readonly AskEvent[], code: string): string[] =>
  events.flatMap((event) => (event.type === 'warned' && event.code === code ? [event.message] : []))

const words = 'the river runs past a mill and old trees where people of the town walk in the evening after work'.split(
  ' ',
)

/** Sentences without meaning, the same for a seed; each is its own line. */
export function filler(lines: number, seed = 1): string[] {
  let state = seed
  return Array.from({ length: lines }, (_, line) => {
    const said = Array.from({ length: 12 }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return words[(state >>> 16) % words.length]!
    })
    return `Line ${seed}-${line}: ${said.join(' ')}.`
  })
}
