import { type Analyzer, type Passage, type Span, sentences } from '../../core/index.ts'
import type { ModelPort } from '../../model/index.ts'
import { type Mention, mentionsOf, nameKey } from './entities.ts'
import type { Extract, Statement } from './graph.ts'

/** Most names of one sentence that are related to each other. */
const mostNames = 8
const longestRelation = 80

const relationOf = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/^[\s,;:()–—-]+|[\s,;:()–—-]+$/g, '')
    .slice(0, longestRelation)

/**
 * Facts by rule, without a model: the names that stand in one sentence, pronouns resolved, its first with each of the
 * others and each with the next; the relation is the words between.
 */
export const ruleFacts =
  (analyzer: Analyzer): Extract =>
  async (passage, text, before) => {
    const own = passage.spans.at(-1)!
    const length = own.end - own.start
    const body = text.slice(text.length - length)
    const context = before === '' ? '' : `${before}\n`
    const shift = context.length
    const all = mentionsOf(context + body, analyzer)
    const ranges = sentences(context + body)
    const statements: Statement[] = []
    for (const [number, mentions] of Map.groupBy(all, ({ sentence }) => sentence)) {
      const [from, to] = ranges[number]!
      const [start, end] = [Math.max(from, shift), to]
      if (end <= start) continue
      const inside = mentions.filter((mention) => mention.start >= start).slice(0, mostNames)
      const span = trimmed(body, start - shift, end - shift, own)
      const relate = (first: Mention, second: Mention): void => {
        if (nameKey(analyzer, first.name) === nameKey(analyzer, second.name)) return
        const relation = relationOf((context + body).slice(first.end, second.start))
        statements.push({ subject: first.name, relation, object: second.name, span })
      }
      for (let at = 1; at < inside.length; at++) {
        relate(inside[at - 1]!, inside[at]!)
        if (at > 1) relate(inside[0]!, inside[at]!)
      }
    }
    return statements
  }

function trimmed(text: string, start: number, end: number, own: Span): Span {
  const said = text.slice(start, end)
  const lead = said.length - said.trimStart().length
  return {
    source: own.source,
    start: own.start + start + lead,
    end: own.start + start + Math.max(lead, said.trimEnd().length),
  }
}

const instruction = `List the facts that the text states, one on a line, as: subject | relation | object | quote
Write full names for pronouns and short forms. The quote is the words of the text that state the fact, word for word.
Write nothing else.`

/** Facts by a model. A fact whose quote does not stand in the passage gets the sentence that names both ends, or is left out. */
export const modelFacts =
  (model: ModelPort, maxOutputTokens = 800): Extract =>
  async (passage, text, before, abortSignal) => {
    const { text: reply } = await model.generate({
      intent: 'extract',
      system: instruction,
      prompt: `${before === '' ? '' : `Before it: ${before.replace(/\s+/g, ' ')}\n\n`}Text: ${text}`,
      maxOutputTokens,
      temperature: 0,
      ...(abortSignal ? { abortSignal } : {}),
    })
    return reply.split('\n').flatMap((line): Statement[] => {
      const [subject, relation, object, ...quote] = line.split('|').map((part) => part.trim())
      if (!subject || !relation || !object) return []
      const span = placeOf(passage, text, quote.join('|').replace(/^["“]|["”]$/g, ''), subject, object)
      return span ? [{ subject, relation: relationOf(relation), object, span }] : []
    })
  }

function placeOf(passage: Passage, text: string, quote: string, subject: string, object: string): Span | undefined {
  const own = passage.spans.at(-1)!
  const body = text.slice(text.length - (own.end - own.start))
  const words = quote.split(/\s+/).filter((part) => part !== '')
  if (words.length > 0) {
    const pattern = new RegExp(words.map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('\\s+'))
    const match = pattern.exec(body)
    if (match)
      return { source: own.source, start: own.start + match.index, end: own.start + match.index + match[0].length }
  }
  for (const [start, end] of sentences(body)) {
    const said = body.slice(start, end).toLowerCase()
    if (said.includes(subject.toLowerCase()) && said.includes(object.toLowerCase()))
      return trimmed(body, start, end, own)
  }
  return undefined
}
