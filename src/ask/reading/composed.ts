import type { Answer, Citation, Passage } from '../../core/index.ts'
import type { Note } from '../contract.ts'
import { packNumbered } from '../numbered.ts'
import { gapText } from './answering.ts'
import { notePassages } from './notes.ts'
import type { Run } from './run.ts'

/** A line of an answer that a program puts together, with what it rests on. */
export interface Line {
  readonly text: string
  readonly notes?: readonly Note[]
  /** False for what states nothing of the text: a heading, what was left out. Default true. */
  readonly states?: boolean
  /** Part of it stands nowhere: unsupported, whatever is cited. */
  readonly loose?: boolean
}

/**
 * An answer of lines that a program wrote over notes: every span of a line's notes is cited word for word; a line that states
 * something and has none is unsupported. Gaps are named at the end. The pack is what of the notes fits the request's budget.
 */
export async function composed(
  run: Run,
  lines: readonly Line[],
  { found = true, trail = [] }: { readonly found?: boolean; readonly trail?: readonly string[] } = {},
): Promise<Answer> {
  const { parts, request, signal } = run
  let text = ''
  const citations: Citation[] = []
  const unsupported: [number, number][] = []
  for (const { text: said, notes = [], states = true, loose = false } of lines) {
    if (text !== '') text += '\n'
    const supports: [number, number] = [text.length, text.length + said.length]
    text += said
    let cited = 0
    for (const note of notes)
      for (const span of note.evidence) {
        const passage: Passage = { spans: [span], score: note.confidence ?? 1, trail: ['noted', run.name] }
        const words = await parts.texts.slice(span, signal)
        if (words.trim() === '') continue
        cited++
        citations.push({ text: words, passage, verified: true, ...(said === '' ? {} : { supports }) })
        run.emit({ type: 'verified', text: words, verified: true, spans: [span] })
      }
    if ((loose || (cited === 0 && states)) && said.trim() !== '') unsupported.push(supports)
  }
  const gaps = await gapText(run)
  if (gaps !== '') text += `${text === '' ? '' : '\n\n'}${gaps}`
  const all = notePassages(lines.flatMap(({ notes = [] }) => notes))
  const pack = await packNumbered(parts, all, Math.min(request.budget, run.room), request.question, signal)
  run.emit({ type: 'pack', pack })
  run.emit({ type: 'text', text })
  const missing = run.gaps.length > 0 ? [`gaps=${run.gaps.length}`] : []
  return {
    text,
    found,
    citations,
    unsupported,
    pack,
    usage: run.usage(),
    trail: [run.name, ...missing, ...trail, ...(found ? [] : ['not-found'])],
  }
}

/** An answer that says that nothing was found, and why. */
export const nothingFound = (run: Run, why: string): Promise<Answer> =>
  composed(run, [{ text: `Not found: ${why}.`, states: false }], { found: false })
