import type { ScoredPassage } from './contract.ts'

/** The best passages so far: a heap with the worst on top. */
export class Top {
  readonly #limit: number
  readonly #scores: number[] = []
  readonly #passages: number[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  get full(): boolean {
    return this.#scores.length >= this.#limit
  }

  /** Score of the worst that is held; meaningful once full. */
  get worst(): number {
    return this.#scores[0]!
  }

  /** Whether the passage would be taken in. */
  takes(passage: number, score: number): boolean {
    if (!this.full) return true
    return score > this.#scores[0]! || (score === this.#scores[0]! && passage < this.#passages[0]!)
  }

  add(passage: number, score: number): void {
    let at = 0
    if (this.full) this.#sink(0, this.#scores.length, passage, score)
    else {
      at = this.#scores.length
      this.#scores.push(score)
      this.#passages.push(passage)
      while (at > 0) {
        const parent = (at - 1) >> 1
        if (!this.#worse(score, passage, parent)) break
        this.#scores[at] = this.#scores[parent]!
        this.#passages[at] = this.#passages[parent]!
        at = parent
      }
      this.#scores[at] = score
      this.#passages[at] = passage
    }
  }

  #worse(score: number, passage: number, than: number): boolean {
    return score < this.#scores[than]! || (score === this.#scores[than]! && passage > this.#passages[than]!)
  }

  #sink(start: number, size: number, passage: number, score: number): void {
    let at = start
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      if (child + 1 < size && this.#worse(this.#scores[child + 1]!, this.#passages[child + 1]!, child)) child++
      if (this.#worse(score, passage, child)) break
      this.#scores[at] = this.#scores[child]!
      this.#passages[at] = this.#passages[child]!
      at = child
    }
    this.#scores[at] = score
    this.#passages[at] = passage
  }

  /** Best first, ties by passage number. */
  sorted(): ScoredPassage[] {
    return this.#scores
      .map((score, i) => ({ passage: this.#passages[i]!, score }))
      .sort((a, b) => b.score - a.score || a.passage - b.passage)
  }
}
