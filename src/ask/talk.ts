import type { Sentence } from './prose.ts'

/** What the turns of a conversation around a sentence say to the question, as indexes of its words. */
export interface Around {
  /** Words of the turn before, when that asks something and another answers. */
  readonly asked?: ReadonlySet<number>
  /** Words of the turns around, the own one included. */
  readonly around: ReadonlySet<number>
}

/** Turns before and after that say what a turn is about. */
const [before, after] = [3, 1]

const asks = (text: string): boolean => /[?？]["'”’)]*(\s|$)/.test(text)

/** Puts the sentences of conversations back into their turns, whatever passages these stand in. */
export function turnsOf(
  sentences: readonly Sentence[],
  words: readonly ReadonlySet<number>[],
): (sentence: Sentence) => Around | undefined {
  const turns = new Map<string, { words: Set<number>; asks: boolean; speaker: string | undefined }>()
  const nameOf = ({ span, unit }: Sentence, away = 0) => `${span.source}:${unit!.turn! + away}`
  for (const [index, sentence] of sentences.entries()) {
    if (sentence.unit?.turn === undefined) continue
    const name = nameOf(sentence)
    const turn = turns.get(name) ?? { words: new Set(), asks: false, speaker: sentence.unit.speaker }
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
    return { around, ...(answers ? { asked: last.words } : {}) }
  }
}
