import { type Anchor, canonicalText, makeSource } from '../../core/index.ts'
import type { Format, FormatMeta } from '../contract.ts'
import { PlaceCursor } from '../cursor.ts'
import { repairWarning } from '../decode.ts'
import { jsonLineSources, jsonSources } from '../json.ts'
import { OutlineBuilder } from '../outline.ts'
import { readText } from '../parts.ts'
import { readError } from '../problems.ts'
import { type Conversation, parseConversations, parseLines } from './messages/shape.ts'

export const meta = {
  name: 'messages',
  summary:
    'Chats with language models as JSON or JSON Lines, in the forms of OpenAI and Anthropic: a turn for each message.',
  extensions: ['json', 'jsonl', 'ndjson'],
  mediaTypes: ['application/json', 'application/jsonl'],
  version: 1,
  pattern: '"(?:role|from)"\\s*:\\s*"(?:system|developer|user|assistant|tool|function|human|gpt|model|ai|bot)"',
} as const satisfies FormatMeta

const read: Format = async function* (input, context) {
  const bytes = await input.bytes(context.abortSignal)
  const again = { ...input, bytes: async () => bytes, size: bytes.length }
  const decoded = await readText(again, { ...context, warn: () => {} })
  const { depth, partLength } = context.limits
  const tooDeep = (): never => {
    throw readError('too-deep', input, `its values are nested over ${depth} deep`, 'flatten it')
  }
  const byLine = !/\.json$/i.test(input.uri)
  let conversations = byLine ? undefined : parseConversations(decoded.text, depth, tooDeep)
  if (!conversations) {
    const { conversations: found, bad, total } = parseLines(decoded.text, depth, tooDeep)
    if (bad.length > total / 2 || found.length === 0) {
      yield* (byLine ? jsonLineSources : jsonSources)(again, context)
      return
    }
    conversations = found
    if (bad.length > 0) {
      const message = `${input.uri}: ${bad.length} of ${total} lines hold no message, the first line ${bad[0]}; they were left out`
      context.warn({ code: 'malformed', uri: input.uri, message })
    }
  }
  if (decoded.repairs) context.warn(repairWarning(input.uri, decoded.encoding, decoded.repairs))
  let index = 0
  let base = 0
  for (const part of write(conversations, new PlaceCursor(decoded), partLength)) {
    const { text, outline, anchors, time, last } = part
    yield await makeSource({
      uri: input.uri,
      text,
      mediaType: byLine ? 'application/jsonl' : 'application/json',
      outline,
      origin: { encoding: decoded.encoding, anchors },
      ...(time === undefined ? {} : { time }),
      ...(conversations.length === 1 && conversations[0]!.title ? { title: conversations[0]!.title } : {}),
      ...(last && index === 0 ? {} : { part: { index, base } }),
    })
    index++
    base += text.length
  }
}

export default read

/** Turns as `speaker: content`, parted by blank lines, in parts that hold whole turns. */
function* write(conversations: readonly Conversation[], cursor: PlaceCursor, partLength: number) {
  let text = ''
  let outline = new OutlineBuilder()
  let anchors: Anchor[] = []
  let time: number | undefined
  let number = 0
  const part = (last: boolean) => ({ text, outline: outline.finish(text.length), anchors, time, last })
  for (const [index, { title, messages }] of conversations.entries()) {
    const sections = conversations.length > 1
    const facts = { title: title ?? `Conversation ${index + 1}` }
    let opened = false
    for (const message of messages) {
      number++
      const turn = canonicalText(`${message.speaker}: ${message.content}`.trimEnd())
      if (text.length > 0) {
        text += '\n\n'
        if (text.length + turn.length > partLength) {
          yield part(false)
          text = ''
          outline = new OutlineBuilder()
          anchors = []
          opened = false
        }
      }
      if (sections && !opened) outline.section(1, text.length, facts)
      opened = true
      const { byte } = cursor.place(message.at)
      anchors.push({ at: text.length, message: number, ...(byte === undefined ? {} : { byte }) })
      const detail = { speaker: message.speaker, ...(message.time === undefined ? {} : { time: message.time }) }
      outline.add('turn', text.length, text.length + turn.length, {
        detail: message.speaker === message.role ? detail : { ...detail, role: message.role },
      })
      if (message.time !== undefined) time = Math.max(time ?? message.time, message.time)
      text += turn
    }
  }
  yield part(true)
}
