import type { Answer, Citation, Pack, Passage, Texts } from '../../core/index.ts'
import { noUsage, quoted } from '../answer.ts'
import type { AskParts, AskRequest, Strategy, StrategyMeta } from '../contract.ts'
import type { Evidence } from '../evidence.ts'
import { strength, thresholdOf } from '../found.ts'
import { gather } from '../gather.ts'
import { overview } from '../overview.ts'
import { dedent, type Sentence } from '../prose.ts'
import { isAboutAll, type Question } from '../question.ts'
import { withReplies } from '../talk.ts'

export const meta = {
  name: 'extract',
  summary: 'The sentences of the text that best answer the question, word for word; no model.',
  use: 'Without a model, or to see the evidence word for word.',
  calls: '0',
  flow: 'question > search > pack > best sentences',
  needs: [],
} as const satisfies StrategyMeta

/** Retrieves, packs, and answers with the best supporting sentences, or says that nothing was found. */
const extract: Strategy = async function* (parts, request) {
  const { question, limit, budget, filter, abortSignal } = request
  if (isAboutAll(question)) {
    yield { type: 'progress', progress: { stage: 'overview', done: 0 } }
    const answer = await overview(parts, request)
    yield { type: 'text', text: answer.text }
    yield { type: 'answer', answer }
    return
  }
  yield { type: 'progress', progress: { stage: 'find', done: 0, unit: 'passages' } }
  const retrieved = await parts.retriever.retrieve({
    text: question,
    limit,
    ...(filter ? { filter } : {}),
    ...(abortSignal ? { abortSignal } : {}),
  })
  const passages = await withReplies(parts, retrieved, abortSignal)
  yield { type: 'progress', progress: { stage: 'fit', done: 0, total: passages.length, unit: 'passages' } }
  const pack = await parts.pack(passages, budget, question, abortSignal)
  yield { type: 'pack', pack }
  const { asked, evidence, chosen, support } = await gather(parts, question, pack, abortSignal)
  const found = chosen.length > 0 && strength(support) >= thresholdOf(asked)
  const answer = found
    ? await tell(evidence, chosen, pack, parts.texts, abortSignal)
    : await notFound(parts, request, asked, passages, pack, evidence)
  yield { type: 'text', text: answer.text }
  yield { type: 'answer', answer }
}
export default extract

/** Sources in the order of their best sentence, sentences in the order of their source; neighbours share a paragraph. */
async function tell(
  evidence: readonly Evidence[],
  chosen: readonly number[],
  pack: Pack,
  texts: Texts,
  abortSignal?: AbortSignal,
): Promise<Answer> {
  const ranks = new Map<string, number>()
  for (const index of chosen) {
    const { source } = evidence[index]!.sentence.span
    if (!ranks.has(source)) ranks.set(source, ranks.size)
  }
  const order = chosen.toSorted((a, b) => {
    const [one, other] = [evidence[a]!.sentence.span, evidence[b]!.sentence.span]
    return ranks.get(one.source)! - ranks.get(other.source)! || one.start - other.start
  })
  let text = ''
  let previous: { readonly sentence: Sentence; readonly index: number } | undefined
  const citations: Citation[] = []
  for (let place = 0; place < order.length; place++) {
    let index = order[place]!
    const { score } = evidence[index]!
    let { sentence } = evidence[index]!
    for (; order[place + 1] === index + 1; index = order[++place]!) {
      const joined = await joinBlocks(sentence, evidence[index + 1]!.sentence, texts, abortSignal)
      if (!joined) break
      sentence = joined
    }
    const header = sentence.header?.span.start === previous?.sentence.header?.span.start ? undefined : sentence.header
    if (previous) text += gap(previous.sentence, sentence, previous.index === order[place]! - 1)
    const said = sentence.kind === 'item' ? `- ${sentence.readable}` : sentence.readable
    const shown = header ? `${dedent(header.text)}\n${said}` : said
    const trail = [...pack.kept[sentence.passage]!.trail, 'extract']
    citations.push({
      text: header ? `${header.text} … ${sentence.text}` : sentence.text,
      passage: { spans: header ? [header.span, sentence.span] : [sentence.span], score, trail },
      verified: true,
      supports: [text.length, text.length + shown.length],
    })
    text += shown
    previous = { sentence, index }
  }
  return { text, found: true, citations, unsupported: [], pack, usage: noUsage, trail: ['extract'] }
}

/** Two blocks as one, when the second begins on the line below the first. */
async function joinBlocks(
  one: Sentence,
  other: Sentence,
  texts: Texts,
  abortSignal?: AbortSignal,
): Promise<Sentence | undefined> {
  if (one.kind !== 'block' || other.kind !== 'block' || one.passage !== other.passage) return undefined
  if (one.span.source !== other.span.source || other.span.start - one.span.end > 80) return undefined
  const text = await texts.slice({ ...one.span, end: other.span.end }, abortSignal)
  const between = text.slice(one.text.length, text.length - other.text.length)
  if (!/^[^\S\n]*\n$/.test(between)) return undefined
  return { ...one, span: { ...one.span, end: other.span.end }, text, readable: dedent(text) }
}

/** What stands between two sentences of an answer. */
function gap(previous: Sentence, sentence: Sentence, beside: boolean): string {
  const together = beside && previous.passage === sentence.passage
  if (sentence.kind === 'item' || sentence.kind === 'code') return '\n'
  if (sentence.kind === 'row' && previous.kind === 'row')
    return sentence.header?.span.start === previous.header?.span.start ? '\n' : '\n\n'
  return together && previous.kind === 'prose' && sentence.kind === 'prose' ? ' ' : '\n\n'
}

async function notFound(
  parts: AskParts,
  request: AskRequest,
  question: Question,
  passages: readonly Passage[],
  pack: Pack,
  evidence: readonly Evidence[],
): Promise<Answer> {
  const missing = question.words.filter(({ unknown }) => unknown).map(({ text }) => quoted(text, 40))
  const lines = [
    passages.length === 0
      ? `Not found: no passage has a word of ${quoted(request.question)}.`
      : `Not found: nothing in the ${pack.kept.length === 1 ? 'one passage' : `${pack.kept.length} passages`} looked at answers ${quoted(request.question)}.`,
  ]
  if (missing.length > 0 && passages.length > 0) lines.push(`No passage has ${missing.join(', ')}.`)
  const closest = [
    ...new Set(evidence.toSorted((a, b) => b.score - a.score).map(({ sentence }) => sentence.passage)),
  ].slice(0, 3)
  const labels = await Promise.all(closest.map((passage) => parts.label(pack.kept[passage]!)))
  if (labels.length > 0) lines.push(`The closest: ${[...new Set(labels)].join(', ')}.`)
  return {
    text: lines.join(' '),
    found: false,
    citations: [],
    unsupported: [],
    pack,
    usage: noUsage,
    trail: ['extract', 'not-found'],
  }
}
