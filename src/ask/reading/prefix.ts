import type { TokenCounter } from '../../core/index.ts'

/** What prompts cost where a provider keeps the beginnings of earlier ones. */
export interface PrefixAccount {
  /** Counts a prompt: its tokens, and how many of them stand at the beginning of an earlier prompt too. */
  add(prompt: string): { readonly tokens: number; readonly cached: number }
  readonly tokens: number
  readonly cached: number
}

/** Longest common beginning with any of the `most` prompts before it, in whole tokens of the counter. */
export function prefixAccount(counter: TokenCounter, most = 100): PrefixAccount {
  /** Sorted, so that the prompt with the longest common beginning is a neighbour. */
  const earlier: string[] = []
  /** The same in the order in which they came. */
  const queue: string[] = []
  let [all, kept] = [0, 0]
  return {
    get tokens() {
      return all
    },
    get cached() {
      return kept
    },
    add(prompt) {
      const low = placeOf(earlier, prompt)
      const units = Math.max(common(earlier[low - 1], prompt), common(earlier[low], prompt))
      earlier.splice(low, 0, prompt)
      if (queue.push(prompt) > most) earlier.splice(placeOf(earlier, queue.shift()!), 1)
      const tokens = counter.count(prompt)
      const cached = Math.min(tokens, counter.count(prompt.slice(0, units)))
      all += tokens
      kept += cached
      return { tokens, cached }
    },
  }
}

/** Index of the first that is not smaller. */
function placeOf(sorted: readonly string[], text: string): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < text) low = middle + 1
    else high = middle
  }
  return low
}

function common(one: string | undefined, other: string): number {
  if (one === undefined) return 0
  let at = 0
  while (at < one.length && at < other.length && one.charCodeAt(at) === other.charCodeAt(at)) at++
  return at
}
