import { nodesFrom, type OutlineNode } from '../../core/index.ts'
import type { Compressor, CompressorMeta, Piece } from '../contract.ts'
import { cutAt, cutSentences, within } from '../grain.ts'
import { bm25, scaled } from '../lexical.ts'
import type { Part } from '../units.ts'

export const meta = {
  name: 'transcript',
  summary:
    'Turns of a chat or an agent: who spoke stays with what was said, answers bring their questions, tool output goes first.',
  needs: [],
  uses: ['outline'],
} as const satisfies CompressorMeta

const opening =
  /^(?:\[[^\]\n]{1,40}\]\s*)?(?:#{1,4}\s*)?(?:\*\*)?([\p{Lu}\p{Ll}][\p{L}\p{N} ._'-]{0,30}|tool|user|assistant|system)(?:\*\*)?(?:\s*\([^)\n]{1,40}\))?:(?:\*\*)?(?=\s)/gmu
const byTool = /^\W*(?:tool|function|observation|stdout|stderr|result)\b/i
const decides =
  /\b(decid\w+|agreed?|will|must|should|todo|done|fixed|because|instead|remember|prefer\w*|deadline|error|failed)\b/i
/** Turns shorter than this (UTF-16 units) say little without the one before. */
const shortTurn = 80

/** Ranges of turns, from the outline of the source where it has some, else by lines that open with a name and a colon. */
function turnsOf(part: Part, nodes: readonly OutlineNode[]): Part[] {
  const own = nodesFrom(nodes, part.span.start, part.span.end).filter(
    ({ kind, start, end }) => (kind === 'turn' || kind === 'message' || kind === 'cue') && end > start,
  )
  const cuts =
    own.length > 1
      ? own.map(({ start }) => start - part.span.start)
      : [...part.text.matchAll(opening)].map(({ index }) => index)
  return cutAt(part, cuts)
}

/** Sentences of turns; each needs the words that say who speaks, and those of a short turn the question just before. */
const transcript: Compressor = {
  async cut(passages, context) {
    const { query = '', outline, abortSignal } = context
    const pieces: (Omit<Piece, 'score'> & { readonly text: string; readonly plain: number })[] = []
    for (const [passage, { parts, passage: own }] of passages.entries()) {
      abortSignal?.throwIfAborted()
      if (own.derived !== undefined) pieces.push({ passage, text: own.derived, plain: 0 })
      for (const part of parts) {
        const turns = turnsOf(part, outline ? await outline(part.span.source, abortSignal) : [])
        let asked: number | undefined
        for (const [place, turn] of turns.entries()) {
          opening.lastIndex = 0
          const head = opening.exec(turn.text)?.[0].length ?? 0
          const tool = byTool.test(turn.text)
          const name = head > 0 && head < turn.text.length ? within(turn, 0, head) : undefined
          const needs: number[] = []
          if (name) {
            needs.push(pieces.length)
            pieces.push({ passage, spans: [name.span], text: '', plain: Number.NEGATIVE_INFINITY })
          }
          if (asked !== undefined && turn.text.length < shortTurn && !tool) needs.push(asked)
          const sentences = cutSentences(within(turn, name ? head : 0, turn.text.length))
          const recent = 0.3 * ((place + 1) / turns.length) ** 2
          for (const [number, { span, text }] of sentences.entries()) {
            const plain =
              recent +
              (decides.test(text) ? 0.2 : 0) +
              (text.includes('?') ? 0.05 : 0) -
              (tool ? 0.3 : 0) -
              0.02 * Math.min(10, number)
            pieces.push({ passage, spans: [span], needs, text, plain })
          }
          asked = /[?？]\s*$/.test(turn.text) ? pieces.length - 1 : undefined
        }
      }
    }
    const bearing =
      query === ''
        ? []
        : scaled(
            bm25(
              pieces.map(({ text }) => text),
              query,
              context,
            ),
          )
    return pieces.map(({ text: _, plain, ...piece }, index) => ({ ...piece, score: plain + 2 * (bearing[index] ?? 0) }))
  },
}
export default transcript
