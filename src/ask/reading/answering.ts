import type { Answer, Pack, Passage } from '../../core/index.ts'
import { quoted } from '../answer.ts'
import { CitationStream } from '../citations.ts'
import type { Note } from '../contract.ts'
import { ground } from '../ground.ts'
import { packNumbered } from '../numbered.ts'
import { instructions, prompt, saysNotFound } from '../prompt.ts'
import { joinedIn } from './joining.ts'
import { notePassages } from './notes.ts'
import { isStopped, type Run, type RunCall } from './run.ts'

/** What of the input was not read, in a sentence; '' where all was. */
export function gapText({ gaps, stopped }: Pick<Run, 'gaps' | 'stopped'>): string {
  if (gaps.length === 0) return ''
  const reasons = [...new Set(gaps.map(({ why }) => why))].slice(0, 3).join('; ')
  return `${gaps.length} ${gaps.length === 1 ? 'part was' : 'parts were'} not read (${stopped ?? reasons}).`
}

/**
 * Asks the model once over what was noted, packed into the request's budget and numbered; what it quotes is verified. Where the run was
 * stopped, the notes themselves are the answer. Gaps are named in the answer.
 */
export async function answerNotes(run: Run, notes: readonly Note[], view = '', how: Asked = {}): Promise<Answer> {
  return answerPassages(run, notePassages(await joinedIn(run, notes)), view, how)
}

/** What is asked otherwise than for an answer by the usual rules; its citations have the same form. */
export type Asked = Partial<Pick<RunCall, 'intent' | 'purpose' | 'system'>>

/** The same over passages. `view` stands before the question: a plan, a summary, what is known of the whole. */
export async function answerPassages(
  run: Run,
  passages: readonly Passage[],
  view = '',
  how: Asked = {},
): Promise<Answer> {
  const { parts, request, signal } = run
  const pack = await packNumbered(parts, passages, Math.min(request.budget, run.room), request.question, signal)
  run.emit({ type: 'pack', pack })
  if (pack.kept.length === 0)
    return told(run, notFound(run, pack, `nothing that was read helps with ${quoted(request.question)}`))
  try {
    const { text: reply } = await run.call({
      intent: 'answer',
      purpose: 'answer from what was noted',
      system: instructions,
      prompt: prompt(pack.text, view === '' ? request.question : `${view}\n\n${request.question}`),
      maxOutputTokens: 1500,
      spans: pack.kept.flatMap(({ spans }) => spans),
      ...how,
    })
    return told(run, await groundedAnswer(run, reply, pack))
  } catch (error) {
    if (!isStopped(error)) throw error
    return told(run, partial(run, pack))
  }
}

/** An answer of what a model wrote over a pack, with its quotations verified. */
export async function groundedAnswer(run: Run, reply: string, pack: Pack): Promise<Answer> {
  const stream = new CitationStream()
  const clean = (stream.push(reply) + stream.end()).trim()
  if (clean === '') return notFound(run, pack, 'the model replied with nothing')
  const gaps = gapText(run)
  const text = gaps === '' ? clean : `${clean}\n\n${gaps}`
  if (saysNotFound(clean)) return { ...notFound(run, pack, ''), text }
  const grounded = await ground(clean, stream.written, pack, run.parts.texts, run.signal)
  for (const { text, verified, passage } of grounded.citations)
    run.emit({ type: 'verified', text, verified, spans: passage.spans })
  return { text, found: true, ...grounded, pack, usage: run.usage(), trail: trailOf(run) }
}

const partial = (run: Run, pack: Pack): Answer =>
  partialAnswer(pack, run.stopped ?? 'the run was stopped', gapText(run), { usage: run.usage(), trail: trailOf(run) })

/** What was found so far, word for word, where no call is begun any more. */
export function partialAnswer(pack: Pack, why: string, gaps: string, rest: Pick<Answer, 'usage' | 'trail'>): Answer {
  let text = `Partial answer, since ${why}:\n`
  const citations: Answer['citations'][number][] = []
  for (const [index, passage] of pack.kept.entries()) {
    const body = pack.text.slice(...pack.ranges[index]!)
    const start = text.length + 2
    text += `- ${body}\n`
    citations.push({
      text: body,
      passage,
      verified: passage.derived === undefined,
      supports: [start, start + body.length],
    })
  }
  text += gaps
  return {
    text: text.trim(),
    found: true,
    citations,
    unsupported: [],
    pack,
    usage: rest.usage,
    trail: [...rest.trail, 'partial'],
  }
}

function notFound(run: Run, pack: Pack, why: string): Answer {
  const text = [`Not found: ${why}.`, gapText(run)].filter(Boolean).join(' ')
  const trail = [...trailOf(run), 'not-found']
  return { text, found: false, citations: [], unsupported: [], pack, usage: run.usage(), trail }
}

const trailOf = (run: Run): string[] => [run.name, ...(run.gaps.length > 0 ? [`gaps=${run.gaps.length}`] : [])]

function told(run: Run, answer: Answer): Answer {
  run.emit({ type: 'text', text: answer.text })
  return answer
}
