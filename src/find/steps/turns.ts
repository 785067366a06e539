import type { Passage } from '../../core/index.ts'
import type { Searchable } from '../../store/index.ts'
import { byScore, passageKey } from '../passages.ts'
import type { Reader } from '../reading.ts'
import { type Asked, distinctTerms } from '../terms.ts'

export interface TurnWeights {
  /** Shares of a turn's score that its neighbours one, two, three ... turns away take over. Default 0.3, 0.15. */
  readonly shares: readonly number[]
  /** For a turn of a speaker whom the question names, as a share of all that the question can decide. Default 0.1. */
  readonly speaker: number
  /** Turns whose neighbours are looked at, the best ones. Default 100. */
  readonly depth: number
}
export const usualTurns: TurnWeights = { shares: [0.3, 0.15], speaker: 0.1, depth: 100 }

/** The name before the colon that a turn opens with. */
const speakerOf = (text: string): string | undefined => /^\s*([^\n:]{1,40}):\s/u.exec(text)?.[1]

/** Gives each turn of a conversation a share of the scores around it; other passages stay as they are. */
export async function addTurns(
  store: Searchable,
  reader: Reader,
  asked: Asked,
  found: readonly Passage[],
  weights: TurnWeights,
): Promise<Passage[]> {
  const { abortSignal } = asked.query
  const best = new Map(found.map((passage) => [passageKey(passage), passage]))
  const add = (passage: Passage, gain: number): void => {
    const key = passageKey(passage)
    const known = best.get(key)
    best.set(key, known ? { ...known, score: known.score + gain } : { ...passage, score: gain })
  }
  const reach = weights.shares.length
  for (const passage of found.slice(0, weights.depth)) {
    const { spoken, text } = await reader(passage, abortSignal)
    if (!spoken) continue
    const speaker = speakerOf(text)
    const named =
      speaker !== undefined &&
      distinctTerms(store.analyzer, speaker).some((term) => asked.values.has(term) && !store.analyzer.isStopTerm(term))
    const score = passage.score + (named ? weights.speaker * asked.total : 0)
    if (named) add(passage, weights.speaker * asked.total)
    if (reach === 0) continue
    const around = await store.neighbours(passage, reach, reach)
    const { start } = passage.spans.at(-1)!
    const before = around.filter((near) => near.spans.at(-1)!.start < start).length
    for (const [index, near] of around.entries()) {
      const distance = index < before ? before - index : index - before + 1
      add({ ...near, trail: [...passage.trail, 'turns'] }, weights.shares[distance - 1]! * score)
    }
  }
  return byScore([...best.values()])
}
