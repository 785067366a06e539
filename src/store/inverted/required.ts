import { noPassage } from './list.ts'
import type { Phrase, Slot } from './phrase.ts'
import { offer, scoreOf, type Task, threshold, windowSize } from './search.ts'

/** First passage from `passage` on that one of the slot's lists holds. */
const nextIn = (slot: Slot, passage: number): number => {
  let next = noPassage
  for (const list of slot) {
    const at = list.next(passage)
    if (at < next) next = at
  }
  return next
}

/** Passages that stand in every slot and hold every phrase, scored by the task's clauses; leaps from list to list. */
export const searchRequired = (task: Task, slots: readonly Slot[], phrases: readonly Phrase[]): void => {
  const { segment, clauses, saturation } = task
  const size = (slot: Slot): number => slot.reduce((sum, list) => sum + list.frequency, 0)
  const sorted = [...slots].sort((a, b) => size(a) - size(b))
  const end = segment.info.last - segment.info.first + 1
  let windowEnd = 0
  let reachable = true
  let steps = 0
  let local = 0
  leap: for (;;) {
    if ((steps++ & 255) === 0) task.check()
    for (const slot of sorted) {
      const at = nextIn(slot, local)
      if (at >= end) return
      if (at > local) {
        local = at
        if (slot !== sorted[0]) continue leap
      }
    }
    const least = threshold(task, -1)
    if (local >= windowEnd) {
      windowEnd = (local | (windowSize - 1)) + 1
      reachable = true
      if (task.top.full) {
        let sum = 0
        for (const { list, weight } of clauses) sum += weight * list.windowBest(local, windowEnd, windowSize)
        reachable = sum > least
      }
    }
    if (!reachable) {
      local = windowEnd
      continue
    }
    const codes = segment.codes(local)
    let score = 0
    for (const clause of clauses) {
      if (clause.list.next(local) === local) score += scoreOf(clause, saturation, codes, local)
    }
    if (score > least && phrases.every((phrase) => phrase.standsIn(local))) offer(task, local, score)
    local++
  }
}
