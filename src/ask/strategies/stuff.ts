import { FoveaError, type Passage, type Span } from '../../core/index.ts'
import type { StrategyMeta } from '../contract.ts'
import { altered } from '../reading/altered.ts'
import { answerPassages } from '../reading/answering.ts'
import { type Run, reading } from '../reading/run.ts'
import { fitTo, tokensOf } from '../reading/scratchpad.ts'

export const meta = {
  name: 'stuff',
  summary: "All of the text in one prompt, up to the model's window; what does not fit is named as not read.",
  use: 'The plain comparison: for text that the model can read well at once.',
  calls: '1',
  flow: 'all text > one prompt > answer',
  needs: ['model'],
} as const satisfies StrategyMeta

/** Tokens kept free for the instructions, the question and the reply. */
const spare = 2000
/** Times that a prompt over the window is made half as long. */
const most = 4

/** One call over the text in reading order. Where the model says that the prompt is too long, half as much is tried. */
const stuff = reading(meta.name, async (run) => {
  const { window = Number.POSITIVE_INFINITY } = run.parts.model
  const given = run.request.limits?.prompt ?? window - Math.min(spare, window * 0.4)
  let room = Math.max(200, Math.floor(Math.min(given, window * 0.9)))
  for (let tries = 1; ; tries++) {
    const { passages, tokens, rest } = await textOf(run, room)
    // The labels of passages are counted too.
    const budget = Number.isFinite(room) ? room : 2 * tokens + 1000
    const within = altered(run, { room: budget, request: () => ({ ...run.request, budget }) })
    try {
      if (rest.length > 0) run.missed({ spans: rest, why: `it does not fit into a prompt of ${room} tokens` })
      return await answerPassages(within, passages)
    } catch (error) {
      if (!FoveaError.is(error, 'over-window') || tries >= most) throw error
      run.warn('over-window', error.message)
      room = Math.floor((Number.isFinite(room) ? room : tokens) / 2)
    }
  }
})
export default stuff

/** The beginning of the text that fits, and the spans of what is left. */
async function textOf(run: Run, room: number): Promise<{ passages: Passage[]; tokens: number; rest: Span[] }> {
  const { counter } = run.parts
  const passages: Passage[] = []
  const rest: Span[] = []
  let used = 0
  for await (const { span, text, label, index } of run.chunks({ tokens: Math.min(room, 4000) })) {
    const head = tokensOf(counter, `[${index + 1}] ${label}\n\n`) + 4
    const left = room - used - head
    const shown = rest.length > 0 || left < 20 ? '' : fitTo(counter, text, left)
    const end = span.start + shown.length
    if (shown !== '') {
      passages.push({ spans: [{ ...span, end }], score: -index, trail: ['read'] })
      used += head + tokensOf(counter, shown)
      run.emit({ type: 'read', spans: [{ ...span, end }], label, index })
    }
    if (end < span.end) rest.push({ ...span, start: end })
  }
  return { passages, tokens: used, rest }
}
