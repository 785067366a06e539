import { endsAsQuestion, type Passage } from '../core/index.ts'
import type { AskParts } from './contract.ts'
import type { Sentence } from './prose.ts'

/** What the turns of a conversation around a sentence say to the question, as indexes of its words. */
export interface Around {
  /** Words of the turn before, when that asks something and another answers. */
  readonly asked?: ReadonlySet<number>
  /** Passages of the turn before, where it is asked. */
  readonly passages?: ReadonlySet<number>
  /** Words of the turns around, the own one included. */
  readonly around: ReadonlySet<number>
}

interface Turn {
  readonly words: Set<number>
  readonly passages: Set<number>
  readonly speaker: string | undefined
  asks: boolean
}

/** Turns before and after that say what a turn is about. */
const [before, after] = [3, 1]

/** True for text that asks something. */
export const asks = (text: string): boolean => /[?？]["'”’)]*(\s|$)/.test(text)

/** Puts the sentences of conversations back into their turns, whatever passages these stand in. */
export function turnsOf(
  sentences: readonly Sentence[],
  words: readonly ReadonlySet<number>[],
): (sentence: Sentence) => Around | undefined {
  const turns = new Map<string, Turn>()
  const nameOf = ({ span, unit }: Sentence, away = 0) => `${span.source}:${unit!.turn! + away}`
  for (const [index, sentence] of sentences.entries()) {
    if (sentence.unit?.turn === undefined) continue
    const name = nameOf(sentence)
    const turn = turns.get(name) ?? {
      words: new Set(),
      passages: new Set(),
      speaker: sentence.unit.speaker,
      asks: false,
    }
    turn.passages.add(sentence.passage)
    for (const word of words[index]!) turn.words.add(word)
    turn.asks ||= asks(sentence.text)
    turns.set(name, turn)
  }
  return (sentence) => {
    if (sentence.unit?.turn === undefined) return undefined
    const around = new Set<number>()
    for (let away = -before; away <= after; away++)
      for (const word of turns.get(nameOf(sentence, away))?.words ?? []) around.add(word)
    const last = turns.get(nameOf(sentence, -1))
    const { speaker } = sentence.unit
    const answers = last?.asks && (speaker === undefined || speaker !== last.speaker)
    return { around, ...(answers ? { asked: last.words, passages: last.passages } : {}) }
  }
}

/** Best passages whose following turn is looked at, and what it is worth beside them. */
const [mostAsking, answering] = [8, 0.9]

/** Passages with the turns that follow those of the best ones that end in a question: the answer may share no word with it. */
export async function withReplies(
  { store, texts }: Pick<AskParts, 'store' | 'texts'>,
  passages: readonly Passage[],
  abortSignal?: AbortSignal,
): Promise<Passage[]> {
  const found: Passage[] = []
  for (const [rank, passage] of passages.entries()) {
    found.push(passage)
    const span = passage.spans.at(-1)!
    if (rank >= mostAsking || passage.derived !== undefined) continue
    if (!endsAsQuestion(await texts.slice(span, abortSignal))) continue
    if (
      !(await store.enclosing({ ...span, start: span.end - 1 })).some(({ kind }) => kind === 'turn' || kind === 'cue')
    )
      continue
    for (const reply of await store.neighbours(passage, 0, 1)) {
      const known = passages.some(
        ({ spans: [first] }) => first.source === reply.spans[0].source && first.start === reply.spans[0].start,
      )
      if (!known) found.push({ ...reply, score: passage.score * answering, trail: [...passage.trail, 'reply'] })
    }
  }
  return found
}
