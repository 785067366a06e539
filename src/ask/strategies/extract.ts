import type { Answer, Citation, Pack, Passage } from '../../core/index.ts'
import { noUsage, quoted } from '../answer.ts'
import type { AskParts, AskRequest, Strategy, StrategyMeta } from '../contract.ts'
import type { Evidence } from '../evidence.ts'
import { strength, thresholdOf } from '../found.ts'
import { gather } from '../gather.ts'
import { overview } from '../overview.ts'
import { isAboutAll, type Question } from '../question.ts'

export const meta = {
  name: 'extract',
  summary: 'The sentences of the text that best answer the question, word for word; no model.',
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
  const passages = await parts.retriever.retrieve({
    text: question,
    limit,
    ...(filter ? { filter } : {}),
    ...(abortSignal ? { abortSignal } : {}),
  })
  yield { type: 'progress', progress: { stage: 'fit', done: 0, total: passages.length, unit: 'passages' } }
  const pack = await parts.pack(passages, budget, question, abortSignal)
  yield { type: 'pack', pack }
  const { asked, evidence, chosen, support } = await gather(parts, question, pack, abortSignal)
  const found = chosen.length > 0 && strength(support) >= thresholdOf(asked)
  const answer = found ? tell(evidence, chosen, pack) : await notFound(parts, request, asked, passages, pack, evidence)
  yield { type: 'text', text: answer.text }
  yield { type: 'answer', answer }
}
export default extract

/** Sources in the order of their best sentence, sentences in the order of their source; neighbours share a paragraph. */
function tell(evidence: readonly Evidence[], chosen: readonly number[], pack: Pack): Answer {
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
  let last: number | undefined
  const citations: Citation[] = []
  for (const index of order) {
    const { sentence } = evidence[index]!
    const previous = last === undefined ? undefined : evidence[last]!.sentence
    const together = last === index - 1 && previous?.passage === sentence.passage
    const item = sentence.kind === 'item'
    const block = sentence.kind === 'code'
    if (previous)
      text +=
        item || block ? '\n' : together ? (previous.kind === 'item' || previous.kind === 'code' ? '\n\n' : ' ') : '\n\n'
    const said = item ? `- ${sentence.readable}` : sentence.readable
    citations.push({
      text: sentence.text,
      passage: {
        spans: [sentence.span],
        score: evidence[index]!.score,
        trail: [...pack.kept[sentence.passage]!.trail, 'extract'],
      },
      verified: true,
      supports: [text.length, text.length + said.length],
    })
    text += said
    last = index
  }
  return { text, found: true, citations, unsupported: [], pack, usage: noUsage, trail: ['extract'] }
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
      : `Not found: nothing in the ${pack.kept.length} passages looked at answers ${quoted(request.question)}.`,
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
