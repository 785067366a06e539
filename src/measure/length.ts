import { splitsPair, type TokenCounter } from '../core/index.ts'

/** Tokens by which a prompt may miss the length asked for. */
export const tolerance = (length: number): number => Math.min(16, Math.max(4, Math.floor(length * 0.005)))

export interface Composition<Made> {
  readonly length: number
  readonly counter: TokenCounter
  /** Tokens of what stands in the prompt in any case, or that text. */
  readonly fixed: number | string
  /** The piece with this number, with the white space that parts it from its neighbour; undefined when there are no more. */
  piece(number: number): string | undefined
  /** Tokens of the piece, where they are known already. */
  cost?(number: number): number | undefined
  /** Puts so many pieces together. `tail` is the part of one more that fills what is left. */
  compose(pieces: number, tail: string): { readonly made: Made; readonly prompt: () => string }
  /** A tail may not be made: only whole pieces count. */
  readonly wholeOnly?: boolean
}

/**
 * Brings prompts to a length in tokens. Pieces are counted alone and summed; how far that is from the count of the whole
 * is learnt from the first prompts, so that the later ones need not be counted again.
 */
export class Lengths {
  /** Tokens of the whole less those of its pieces, per piece. */
  #drift = 0
  #confirmed = 0
  #composed = 0

  fit<Made>(composition: Composition<Made>): { readonly made: Made; readonly tokens: number } {
    const { length, counter, fixed } = composition
    const base = typeof fixed === 'string' ? counter.count(fixed) : fixed
    let last: { made: Made; tokens: number } | undefined
    for (let round = 0; round < 5; round++) {
      const { pieces, tail, estimate } = this.#choose(composition, length - base)
      const { made, prompt } = composition.compose(pieces, tail)
      // Now and then one is counted all the same.
      if (this.#confirmed >= 3 && this.#composed++ % 64 !== 0) return { made, tokens: base + estimate }
      const tokens = counter.count(prompt())
      if (!last || Math.abs(tokens - length) < Math.abs(last.tokens - length)) last = { made, tokens }
      const missed = tokens - (base + estimate)
      this.#confirmed = Math.abs(missed) <= tolerance(length) / 2 ? this.#confirmed + 1 : 0
      if (Math.abs(tokens - length) <= tolerance(length)) break
      if (Math.abs(missed) < 1 || pieces === 0) break
      this.#drift += missed / pieces
    }
    return last!
  }

  /** How many pieces fit, and words of one more for what is left. */
  #choose<Made>(
    { piece, cost, counter, wholeOnly }: Composition<Made>,
    room: number,
  ): { pieces: number; tail: string; estimate: number } {
    let estimate = 0
    let pieces = 0
    for (; ; pieces++) {
      const text = piece(pieces)
      if (text === undefined) return { pieces, tail: '', estimate }
      const tokens = (cost?.(pieces) ?? counter.count(text)) + this.#drift
      if (estimate + tokens > room) break
      estimate += tokens
    }
    const left = Math.floor(room - estimate)
    if (wholeOnly || left < 2) return { pieces, tail: '', estimate }
    const words = piece(pieces)!.split(/(?<=\s)(?=\S)/)
    let tail = ''
    let used = 0
    const count = (text: string): number => counter.count(text)
    for (const word of words) {
      const tokens = count(tail + word)
      if (tokens <= left) {
        tail += word
        used = tokens
        continue
      }
      // A long word, such as an identifier, is cut within.
      let low = 0
      for (let high = word.length; high - low > 1; ) {
        const middle = (low + high) >>> 1
        if (!splitsPair(word, middle) && count(tail + word.slice(0, middle)) <= left) low = middle
        else high = middle
      }
      if (left - used > 4 && low > 0) {
        tail += word.slice(0, low)
        used = count(tail)
      }
      break
    }
    return { pieces, tail, estimate: estimate + used }
  }
}
