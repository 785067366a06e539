import { endsAsQuestion, nodesFrom, type OutlineNode } from '../../core/index.ts'
import type { Compressor, CompressorMeta, Piece } from '../contract.ts'
import { cutAt, cutSentences, within } from '../grain.ts'
import { bm25, scaled } from '../lexical.ts'
import { isSaid, speakerLine } from '../turns.ts'
import type { Part } from '../units.ts'

export const meta = {
  name: 'transcript',
  summary:
    'Turns of a chat or an agent: who spoke stays with what was said, answers bring their questions, tool output goes first.',
  needs: [],
  uses: ['outline'],
} as const satisfies CompressorMeta

const byTool = /^\W*(?:tool|function|observation|stdout|stderr|result)\b/i
const decides =
  /\b(decid\w+|agreed?|will|must|should|todo|done|fixed|because|instead|remember|prefer\w*|deadline|error|failed)\b/i
/** Turns shorter than this (UTF-16 units) say little without the one before. */
const shortTurn = 80
/** Weight of the passage's own score, where a search gave one. */
const foundWeight = 3
const alone: readonly number[] = []

/** Ranges of turns, from the outline of the source where it has some, else by lines that open with a name and a colon. */
function turnsOf(part: Part, nodes: readonly OutlineNode[]): Part[] {
  const own = nodesFrom(nodes, part.span.start, part.span.end).filter((node) => isSaid(node) && node.end > node.start)
  const cuts =
    own.length > 1
      ? own.map(({ start }) => start - part.span.start)
      : [...part.text.matchAll(speakerLine)].map(({ index }) => index)
  return cutAt(part, cuts)
}

/** Sentences of turns, each with the words that say who speaks; those of a short turn need the question just before. */
const transcript: Compressor = {
  async cut(passages, context) {
    const { query = '', outline, abortSignal } = context
    const best = passages.reduce((most, { passage: { score } }) => Math.max(most, score), 0)
    const pieces: (Piece & { score: number })[] = []
    const texts: string[] = []
    const add = (piece: Piece, text: string) => {
      pieces.push(piece)
      texts.push(text)
    }
    for (const [passage, { parts, passage: own }] of passages.entries()) {
      abortSignal?.throwIfAborted()
      // Scores of a search count; those of a text that is cut as it stands fall below zero or are alike.
      const found = best > 0 ? foundWeight * (Math.max(0, own.score) / best) : 0
      if (own.derived !== undefined) add({ passage, score: 0 }, own.derived)
      for (const part of parts) {
        const turns = turnsOf(part, outline ? await outline(part.span.source, abortSignal) : [])
        let asked: number | undefined
        for (const [place, turn] of turns.entries()) {
          speakerLine.lastIndex = 0
          const head = speakerLine.exec(turn.text)?.[0].length ?? 0
          const tool = byTool.test(turn.text)
          const name = head > 0 && head < turn.text.length ? within(turn, 0, head) : undefined
          const needs = asked !== undefined && turn.text.length < shortTurn && !tool ? [asked] : alone
          const sentences = cutSentences(within(turn, name ? head : 0, turn.text.length))
          const recent = 0.3 * ((place + 1) / turns.length) ** 2
          for (const [number, { span, text }] of sentences.entries()) {
            const score =
              found +
              recent +
              (decides.test(text) ? 0.2 : 0) +
              (text.includes('?') ? 0.05 : 0) -
              (tool ? 0.3 : 0) -
              0.02 * Math.min(10, number)
            add({ passage, spans: name ? [name.span, span] : [span], score, needs }, text)
          }
          asked = endsAsQuestion(turn.text) ? pieces.length - 1 : undefined
        }
      }
    }
    if (query !== '')
      scaled(bm25(texts, query, context)).forEach((bearing, index) => {
        pieces[index]!.score += 2 * bearing
      })
    return pieces
  },
}
export default transcript
