import { type Answer, FoveaError, type Pack } from '../../core/index.ts'
import type { ModelReply } from '../../model/index.ts'
import { noUsage, quoted } from '../answer.ts'
import { CitationStream } from '../citations.ts'
import type { Strategy, StrategyMeta } from '../contract.ts'
import { ground } from '../ground.ts'
import { packNumbered } from '../numbered.ts'
import { instructions, prompt, saysNotFound } from '../prompt.ts'
import { partialAnswer } from '../reading/answering.ts'
import { askedToStop, refusal, roomOf } from '../reading/limits.ts'

export const meta = {
  name: 'direct',
  summary: 'One call of a model over the pack; every quotation is checked against the source.',
  paper: 'Enabling Large Language Models to Generate Text with Citations, arXiv 2305.14627',
  use: 'When retrieval brings the evidence: one call, the cheapest answer of a model.',
  calls: '1',
  flow: 'question > search > pack > answer > quotations checked',
  needs: ['model'],
} as const satisfies StrategyMeta

/** Most tokens of a reply, and most UTF-16 units that are read of one that does not end. */
const mostTokens = 1500
const mostCharacters = 24_000

/**
 * Retrieves, packs, asks the model once, and verifies what it quotes. Where a limit or a soft stop allows no call, what was packed is
 * the answer, word for word. Throws `model-missing`, `model-empty`, `model-endless`. The paper asks for numbers of passages behind
 * each sentence; ours asks for the words too, and checks them.
 */
const direct: Strategy = async function* (parts, request) {
  const { model } = parts
  const { question, limit, filter, limits = {}, stopSignal, abortSignal } = request
  const budget = limits.prompt === undefined ? request.budget : Math.min(request.budget, roomOf(limits.prompt))
  if (!model) throw new FoveaError('model-missing', 'the strategy "direct" needs a model; give one, or use "extract"')
  yield { type: 'progress', progress: { stage: 'find', done: 0, unit: 'passages' } }
  const signal = abortSignal ? { abortSignal } : {}
  const passages = await parts.retriever.retrieve({ text: question, limit, ...(filter ? { filter } : {}), ...signal })
  yield { type: 'progress', progress: { stage: 'fit', done: 0, total: passages.length, unit: 'passages' } }
  yield { type: 'retrieved', query: question, spans: passages.flatMap(({ spans }) => spans) }
  const pack = await packNumbered(parts, passages, budget, question, abortSignal)
  yield { type: 'pack', pack }
  if (pack.kept.length === 0) {
    const text = `Not found: no passage ${passages.length === 0 ? 'has a word' : `fits a budget of ${budget} tokens that has a word`} of ${quoted(question)}.`
    yield { type: 'text', text }
    yield { type: 'answer', answer: { ...empty(pack), text } }
    return
  }
  const asked = prompt(pack.text, question)
  const tokens = parts.counter.count(`${instructions}\n${asked}`)
  const why = stopSignal?.aborted
    ? askedToStop
    : refusal(limits, { calls: 0, tokens: 0, cost: 0 }, tokens + mostTokens, model.price(tokens, mostTokens))
  if (why !== undefined) {
    yield { type: 'warned', code: 'reading-stopped', message: `no call is begun: ${why}`, spans: [] }
    const answer = partialAnswer(pack, why, '', { usage: noUsage, trail: [meta.name] })
    yield { type: 'text', text: answer.text }
    yield { type: 'answer', answer }
    return
  }
  yield { type: 'progress', progress: { stage: 'ask', done: 0, total: 1, unit: 'calls' } }
  const pieces = model.stream({
    intent: 'answer',
    system: instructions,
    prompt: asked,
    maxOutputTokens: mostTokens,
    temperature: 0,
    ...signal,
  })
  const stream = new CitationStream()
  let read = 0
  let text = ''
  let reply: ModelReply | undefined
  try {
    for (;;) {
      const { done, value } = await pieces.next()
      abortSignal?.throwIfAborted()
      if (done) {
        reply = value
        break
      }
      read += value.length
      if (read > mostCharacters)
        throw new FoveaError(
          'model-endless',
          `${model.name} wrote more than ${mostCharacters} characters and did not stop; ask again, or use another model`,
        )
      const clean = stream.push(value)
      text += clean
      if (clean !== '') yield { type: 'text', text: clean }
    }
  } finally {
    if (!reply) await pieces.return?.(undefined as never)
  }
  const rest = stream.end()
  text += rest
  if (rest !== '') yield { type: 'text', text: rest }
  if (text.trim() === '')
    throw new FoveaError(
      'model-empty',
      `${model.name} replied with nothing (${reply.finish}); ask again, or use another model`,
    )
  const trail = ['direct', ...(reply.finish === 'length' ? ['cut-off'] : []), ...(reply.replayed ? ['replayed'] : [])]
  const grounded = saysNotFound(text) ? undefined : await ground(text, stream.written, pack, parts.texts, abortSignal)
  for (const { text, verified, passage } of grounded?.citations ?? [])
    yield { type: 'verified', text, verified, spans: passage.spans }
  const answer: Answer = !grounded
    ? { ...empty(pack), text: text.trim(), usage: reply.usage, trail: [...trail, 'not-found'] }
    : {
        text,
        found: true,
        ...grounded,
        pack,
        usage: reply.usage,
        trail,
      }
  yield { type: 'answer', answer }
}
export default direct

const empty = (pack: Pack): Answer => ({
  text: '',
  found: false,
  citations: [],
  unsupported: [],
  pack,
  usage: noUsage,
  trail: ['direct', 'not-found'],
})
