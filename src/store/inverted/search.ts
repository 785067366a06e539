import { Saturation } from './impacts.ts'
import { lengthBlockSize, lengthCodes } from './lengths.ts'
import { noPassage, type PostingList } from './list.ts'
import type { Segment } from './segment.ts'
import type { Top } from './top.ts'

/** Passages scored at a time; divides a block of lengths. */
export const windowSize = 4096
const lengthMask = lengthBlockSize - 1
const windowMask = windowSize - 1

/** A query term in one segment. */
export interface Clause {
  readonly list: PostingList
  /** Times the saturation, the share of the score. */
  readonly weight: number
}

/** What the search of one segment needs. */
export interface Task {
  readonly segment: Segment
  readonly clauses: readonly Clause[]
  readonly saturation: Saturation
  readonly top: Top
  /** Half the grid of scores when a passage here may come before one already held with the same score, otherwise 0. */
  readonly tie: number
  readonly accept: ((passage: number) => boolean) | undefined
  readonly check: () => void
}

/** Scores must be above this to matter. */
export const threshold = (task: Task, none: number): number => (task.top.full ? task.top.worst - task.tie : none)

export const offer = (task: Task, local: number, score: number): boolean => {
  const passage = task.segment.info.first + local
  if (!task.top.takes(passage, score) || (task.accept !== undefined && !task.accept(passage))) return false
  task.top.add(passage, score)
  return true
}

export const scoreOf = (clause: Clause, saturation: Saturation, codes: Uint8Array, local: number): number =>
  clause.weight * saturation.of(clause.list.frequencies[clause.list.index]!, codes[local & lengthMask]!)

/**
 * Passages that hold any term, window by window: lists that cannot reach the threshold together are only looked into
 * for the candidates of the others, and groups and windows whose bounds are too low are left out (MaxScore, Turtle and
 * Flood 1995; with bounds per block, Ding and Suel 2011). Scores are exact.
 */
export class WindowSearch {
  readonly #scores = new Float64Array(windowSize)
  readonly #bits = new Int32Array(windowSize >> 5)
  readonly #candidates = new Int32Array(windowSize)
  readonly #candidateScores = new Float64Array(windowSize)

  run(task: Task): void {
    const { clauses, segment, top } = task
    const end = segment.info.last - segment.info.first + 1
    const size = clauses.length
    const byBest = [...clauses].sort((a, b) => a.weight * a.list.best - b.weight * b.list.best)
    const sumBest = sums(byBest.map((clause) => clause.weight * clause.list.best))
    const order: Clause[] = [...byBest]
    const bounds = new Float64Array(size)
    const sumBounds = new Float64Array(size + 1)
    let essential = 0
    let low = 0
    for (;;) {
      task.check()
      let least = threshold(task, 0)
      while (essential < size && sumBest[essential + 1]! <= least) essential++
      let next = noPassage
      for (let i = essential; i < size && next > low; i++) {
        const at = byBest[i]!.list.nextAtLeast(low, windowSize / 8)
        if (at < next) next = at
      }
      if (next >= end) return
      low = Math.max(low, next)
      const high = Math.min((low | windowMask) + 1, end)
      for (let i = 0; i < size; i++) {
        const clause = byBest[i]!
        const bound = clause.weight * clause.list.windowBest(low, high, windowSize)
        let at = i
        for (; at > 0 && bounds[at - 1]! > bound; at--) {
          bounds[at] = bounds[at - 1]!
          order[at] = order[at - 1]!
        }
        bounds[at] = bound
        order[at] = clause
      }
      let first = 0
      for (let i = 0; i < size; i++) {
        sumBounds[i + 1] = sumBounds[i]! + bounds[i]!
        if (sumBounds[i + 1]! <= least) first = i + 1
      }
      if (first < size) {
        const codes = segment.codes(low)
        const total = sumBounds[size]!
        for (let i = first; i < size; i++) {
          this.#collect(order[i]!, task.saturation, codes, low, high, least - (total - bounds[i]!))
        }
        let found = this.#gather(low & ~windowMask, least - sumBounds[first]!)
        for (let rest = first - 1; rest >= 0 && found > 0; rest--) {
          found = this.#refine(order[rest]!, task.saturation, codes, found, least - sumBounds[rest]!)
        }
        for (let i = 0; i < found; i++) {
          const score = this.#candidateScores[i]!
          if (score > least && offer(task, this.#candidates[i]!, score) && top.full) least = threshold(task, 0)
        }
      }
      low = high
    }
  }

  /** Adds a list's scores within the window, leaving out groups that score `needed` or less. */
  #collect(clause: Clause, saturation: Saturation, codes: Uint8Array, low: number, high: number, needed: number): void {
    const { list, weight } = clause
    const scores = this.#scores
    const bits = this.#bits
    const table = saturation.table
    for (let from = low; from < high; ) {
      const best = weight * list.groupBest(from)
      if (best <= needed) {
        if (best === 0) return
        from = list.groupLast(from) + 1
        continue
      }
      if (!list.seekGroup(from)) return
      list.next(from)
      const { passages, count, frequencies } = list
      let i = list.index
      for (; i < count; i++) {
        const passage = passages[i]!
        if (passage >= high) break
        const frequency = frequencies[i]!
        const code = codes[passage & lengthMask]!
        const place = passage & windowMask
        const value =
          frequency < Saturation.rows ? table[frequency * lengthCodes + code]! : saturation.exact(frequency, code)
        scores[place] = scores[place]! + weight * value
        bits[place >> 5]! |= 1 << place
      }
      if (i < count) return
      from = list.groupEnd + 1
    }
  }

  /** Takes the scores above `least` out of the window, in the order of passages, and clears it. */
  #gather(base: number, least: number): number {
    const scores = this.#scores
    const bits = this.#bits
    let found = 0
    for (let word = 0; word < bits.length; word++) {
      let left = bits[word]!
      if (left === 0) continue
      bits[word] = 0
      while (left !== 0) {
        const place = (word << 5) + 31 - Math.clz32(left & -left)
        left &= left - 1
        const score = scores[place]!
        scores[place] = 0
        if (score > least) {
          this.#candidates[found] = base + place
          this.#candidateScores[found++] = score
        }
      }
    }
    return found
  }

  /** Adds a list's scores to the candidates and keeps those that come above `needed`; returns how many. */
  #refine(clause: Clause, saturation: Saturation, codes: Uint8Array, found: number, needed: number): number {
    const { list, weight } = clause
    const { passages } = list
    const { table } = saturation
    const candidates = this.#candidates
    const candidateScores = this.#candidateScores
    let { index, groupEnd } = list
    let best = weight * list.groupBest(candidates[0]!)
    let last = list.groupLast(candidates[0]!)
    let kept = 0
    for (let i = 0; i < found; i++) {
      const local = candidates[i]!
      let score = candidateScores[i]!
      if (local > last) {
        best = weight * list.groupBest(local)
        last = list.groupLast(local)
      }
      if (score + best <= needed) continue
      if (local > groupEnd && best > 0) {
        list.seekGroup(local)
        index = 0
        groupEnd = list.groupEnd
      }
      if (best > 0) {
        const { count } = list
        while (index + 8 < count && passages[index + 8]! < local) index += 8
        while (passages[index]! < local) index++
        if (passages[index] === local) {
          const frequency = list.frequencies[index]!
          const code = codes[local & lengthMask]!
          const exact = frequency >= Saturation.rows
          score += weight * (exact ? saturation.exact(frequency, code) : table[frequency * lengthCodes + code]!)
        }
      }
      if (score <= needed) continue
      candidates[kept] = local
      candidateScores[kept++] = score
    }
    list.index = index
    return kept
  }
}

const sums = (values: readonly number[]): Float64Array => {
  const result = new Float64Array(values.length + 1)
  values.forEach((value, i) => {
    result[i + 1] = result[i]! + value
  })
  return result
}
