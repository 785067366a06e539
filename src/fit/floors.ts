import type { Passage } from '../core/index.ts'
import { waterFill } from './allocate.ts'
import type { Candidate } from './units.ts'

/**
 * Takes each source's best candidates (they come best first) until its floor is spent, where `take` gives what one cost, 0
 * when it was left. Where all floors are more than the room, each source gets an equal part. Gives the tokens spent.
 */
export async function spendFloors(
  candidates: readonly Candidate[],
  entries: readonly Passage[],
  floor: number,
  room: number,
  take: (candidate: Candidate, most: number) => Promise<number>,
): Promise<number> {
  const bySource = Map.groupBy(candidates, ({ entry }) => entries[entry]!.spans[0].source)
  const shares = waterFill(
    [...bySource.values()].map(() => ({ relevance: 0, size: floor })),
    room,
    { floor },
  )
  let spent = 0
  let source = 0
  for (const list of bySource.values()) {
    let left = Math.floor(shares[source++]!)
    for (const candidate of list) {
      if (left <= 0) break
      const cost = await take(candidate, Math.min(left, room - spent))
      left -= cost
      spent += cost
    }
  }
  return spent
}
