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

/** Places of what was not read that an answer names, at most. */
const mostPlaces = 4

/** What of the input was not read, why and where, in a sentence; '' where all was. */
export async function gapText({ gaps, stopped, parts }: Pick<Run, 'gaps' | 'stopped' | 'parts'>): Promise<string> {
  if (gaps.length === 0) return ''
  const reasons = [...new Set(gaps.map(({ why }) => why))].slice(0, 3).join('; ')
  const spans = gaps.flatMap((gap) => gap.spans)
  const named = spans.slice(0, mostPlaces)
  const places = await Promise.all(named.map((span) => parts.label({ spans: [span], score: 0, trail: [] })))
  const more = spans.length > named.length ? ` and ${spans.length - named.length} more` : ''
  const where = places.length === 0 ? '' : `: ${[...new Set(places)].join(', ')}${more}`
  return `${gaps.length} ${gaps.length === 1 ? 'part was' : 'parts were'} not read (${stopped ?? reasons})${where}.`
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
  return answerPack(run, pack, view, how)
}

/** The same over a numbered pack, as it is. */
export async function answerPack(run: Run, pack: Pack, view = '', how: Asked = {}): Promise<Answer> {
  const { request } = run
  run.emit({ type: 'pack', pack })
  if (pack.kept.length === 0)
    return told(run, await notFound(run, pack, `nothing that was read helps with ${quoted(request.question)}`))
  try {
    const { text: reply } = await run.call({
      intent: 'answer',
      purpose: 'answer from what was noted',
      system: instructions,
      prompt: prompt(pack.text, request.question, view),
      maxOutputTokens: 1500,
      spans: pack.kept.flatMap(({ spans }) => spans),
      ...how,
    })
    return told(run, await groundedAnswer(run, reply, pack))
  } catch (error) {
    if (!isStopped(error)) throw error
    return told(run, await partial(run, pack))
  }
}

/** An answer of what a model wrote over a pack, with its quotations verified. */
export async function groundedAnswer(run: Run, reply: string, pack: Pack): Promise<Answer> {
  const stream = new CitationStream()
  const clean = (stream.push(reply) + stream.end()).trim()
  if (clean === '') return notFound(run, pack, 'the model replied with nothing')
  const gaps = await gapText(run)
  const text = gaps === '' ? clean : `${clean}\n\n${gaps}`
  if (saysNotFound(clean)) return { ...(await notFound(run, pack, '')), text }
  const grounded = await ground(clean, stream.written, pack, run.parts.texts, run.signal)
  for (const { text, verified, passage } of grounded.citations)
    run.emit({ type: 'verified', text, verified, spans: passage.spans })
  return { text, found: true, ...grounded, pack, usage: run.usage(), trail: trailOf(run) }
}

const partial = async (run: Run, pack: Pack): Promise<Answer> =>
  partialAnswer(pack, run.stopped ?? 'the run was stopped', await gapText(run), {
    usage: run.usage(),
    trail: trailOf(run),
  })

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

async function notFound(run: Run, pack: Pack, why: string): Promise<Answer> {
  const text = [`Not found: ${why}.`, await gapText(run)].filter(Boolean).join(' ')
  const trail = [...trailOf(run), 'not-found']
  return { text, found: false, citations: [], unsupported: [], pack, usage: run.usage(), trail }
}

const trailOf = (run: Run): string[] => [run.name, ...(run.gaps.length > 0 ? [`gaps=${run.gaps.length}`] : [])]

function told(run: Run, answer: Answer): Answer {
  run.emit({ type: 'text', text: answer.text })
  return answer
}
