import { JsonProblem, type JsonUnit, lines, scanJson } from '../../json.ts'

export interface Message {
  readonly role: string
  readonly speaker: string
  readonly content: string
  /** Milliseconds since 1970. */
  readonly time?: number
  /** Offset in the file's text. */
  readonly at: number
}
export interface Conversation {
  readonly title?: string
  readonly messages: readonly Message[]
}

type Value = Record<string, unknown>
const isRecord = (value: unknown): value is Value =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Seconds or milliseconds since 1970, or a date as text. */
function timeOf(value: Value): number | undefined {
  for (const key of ['timestamp', 'created_at', 'createdAt', 'create_time', 'time', 'date', 'ts']) {
    const found = value[key]
    if (typeof found === 'number' && found > 0) return Math.round(found < 1e11 ? found * 1000 : found)
    const parsed = typeof found === 'string' ? Date.parse(found) : Number.NaN
    if (!Number.isNaN(parsed)) return parsed
  }
  return undefined
}

const json = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** The words of a content: a string, or parts and blocks as OpenAI and Anthropic write them. */
function contentOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(contentOf).filter(Boolean).join('\n')
  if (!isRecord(value)) return String(value)
  const { type } = value
  const text = textOf(value.text) ?? textOf(value.refusal)
  if (type === 'thinking') return `[thinking] ${textOf(value.thinking) ?? ''}`
  if (text !== undefined) return text
  if (type === 'tool_use') return call(value.name, value.input)
  if (type === 'tool_result') return `[tool result] ${contentOf(value.content)}`
  if (Array.isArray(value.parts)) return contentOf(value.parts)
  if (typeof type === 'string') return `[${type.replace(/^input_|_url$/g, '').replaceAll('_', ' ')}]`
  return json(value)
}

const call = (name: unknown, input: unknown): string => `[tool call] ${textOf(name) ?? 'tool'}(${json(input ?? {})})`

function callsOf(value: Value): string[] {
  const calls = Array.isArray(value.tool_calls)
    ? value.tool_calls
    : isRecord(value.function_call)
      ? [value.function_call]
      : []
  return calls.filter(isRecord).map((made) => {
    const described = isRecord(made.function) ? made.function : made
    return call(described.name, described.arguments ?? described.input)
  })
}

/** A message of a chat, or undefined when the value is something else. */
export function messageOf(value: unknown, at: number): Message | undefined {
  if (!isRecord(value)) return undefined
  const role =
    textOf(value.role) ?? textOf(value.from) ?? (isRecord(value.author) ? textOf(value.author.role) : undefined)
  if (role === undefined) return undefined
  const content = 'content' in value ? value.content : 'value' in value ? value.value : value.parts
  if (content === undefined && !('tool_calls' in value) && !('function_call' in value)) return undefined
  const time = timeOf(value)
  return {
    role,
    speaker: textOf(value.name) ?? role,
    content: [contentOf(content), ...callsOf(value)].filter(Boolean).join('\n'),
    ...(time === undefined ? {} : { time }),
    at,
  }
}

const listKeys = ['messages', 'conversations', 'conversation', 'turns', 'input']

/** The messages in one JSON value, whose text begins at `base`: a message, a list of them, or an object that holds a list. */
function conversationsOf(text: string, base: number, depth: number, tooDeep: () => never): Conversation[] | undefined {
  const value: unknown = JSON.parse(text)
  const single = messageOf(value, base)
  if (single) return [{ messages: [single] }]
  const units: JsonUnit[] = []
  scanJson(text, depth, tooDeep, (unit) => {
    if (unit.depth <= 3) units.push(unit)
  })
  const itemsAt = (from: number, end: number, level: number): number[] =>
    units.filter((unit) => unit.depth === level && unit.start >= from && unit.end <= end).map((unit) => unit.start)
  const listed = (list: unknown, starts: readonly number[]): Message[] | undefined => {
    if (!Array.isArray(list) || list.length === 0) return undefined
    const found = list.map((item, index) => messageOf(item, base + (starts[index] ?? 0)))
    return found.every((message) => message !== undefined) ? found : undefined
  }
  const held = (record: unknown, from: number, end: number, level: number): Conversation | undefined => {
    if (!isRecord(record)) return undefined
    const key = listKeys.find((name) => Array.isArray(record[name]))
    const member = units.find(
      (unit) => unit.depth === level && unit.key === key && unit.start >= from && unit.end <= end,
    )
    const messages = key && member && listed(record[key], itemsAt(member.from, member.end, level + 1))
    if (!messages) return undefined
    const title = textOf(record.title) ?? textOf(record.name) ?? textOf(record.id)
    return { messages, ...(title ? { title } : {}) }
  }
  const plain = listed(value, itemsAt(0, text.length, 1))
  if (plain) return [{ messages: plain }]
  const inner = held(value, 0, text.length, 1)
  if (inner) return [inner]
  if (!Array.isArray(value) || value.length === 0) return undefined
  const tops = units.filter((unit) => unit.depth === 1)
  const all = value.map((item, index) => held(item, tops[index]!.start, tops[index]!.end, 2))
  return all.every((conversation) => conversation !== undefined) ? all : undefined
}

/** The conversations of a chat in JSON, or undefined when it is something else. */
export function parseConversations(text: string, depth: number, tooDeep: () => never): Conversation[] | undefined {
  try {
    return conversationsOf(text, 0, depth, tooDeep)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof JsonProblem) return undefined
    throw error
  }
}

/** The same for JSON Lines: messages one by one make one conversation. `bad` lists the lines that are neither. */
export function parseLines(
  text: string,
  depth: number,
  tooDeep: () => never,
): { conversations: Conversation[]; bad: number[]; total: number } {
  const conversations: Conversation[] = []
  const single: Message[] = []
  const bad: number[] = []
  let total = 0
  let number = 0
  for (const { start, end } of lines(text)) {
    number++
    const line = text.slice(start, end)
    if (line.trim() === '') continue
    total++
    try {
      const found = conversationsOf(line.trimEnd(), start, depth, tooDeep)
      if (!found) bad.push(number)
      else if (found.length === 1 && found[0]!.messages.length === 1 && found[0]!.messages[0]!.at === start)
        single.push(found[0]!.messages[0]!)
      else conversations.push(...found)
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof JsonProblem)) throw error
      bad.push(number)
    }
  }
  return { conversations: single.length > 0 ? [{ messages: single }, ...conversations] : conversations, bad, total }
}
