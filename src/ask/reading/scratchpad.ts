import type { TokenCounter } from '../../core/index.ts'

/** Tokens of a text with what is held back beside the count. */
export const tokensOf = (counter: TokenCounter, text: string): number => {
  const count = counter.count(text)
  return count + counter.margin(count)
}

/**
 * The longest beginning (or, with `tail`, end) of a text that is found to have at most so many tokens, cut between words where it can be.
 * What it gives was counted whole, so it never has more; '' where nothing fits.
 */
export function fitTo(counter: TokenCounter, text: string, tokens: number, tail = false): string {
  if (tokensOf(counter, text) <= tokens) return text
  const part = (units: number): string => {
    if (units <= 0) return ''
    if (tail) {
      let from = text.length - units
      if (/[\udc00-\udfff]/.test(text[from] ?? '')) from++
      const space = text.slice(from, from + 40).search(/\s\S/)
      return text.slice(space === -1 ? from : from + space + 1)
    }
    let end = units
    if (/[\ud800-\udbff]/.test(text[end - 1] ?? '')) end--
    const space = text.slice(Math.max(0, end - 40), end).search(/\s\S*$/)
    return text.slice(0, space === -1 ? end : Math.max(0, end - 40) + space)
  }
  let [low, high] = [0, text.length]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (tokensOf(counter, part(middle)) <= tokens) low = middle
    else high = middle - 1
  }
  // Counts need not grow with the text: what is given is counted itself.
  for (let units = low; units > 0; units = Math.floor(units * 0.9)) {
    const found = part(units)
    if (tokensOf(counter, found) <= tokens) return found
  }
  return ''
}

/** Lines that never have more than `cap` tokens together; when they would, the oldest go, and of a single line that is too long its end. */
export interface Scratchpad {
  readonly text: string
  readonly tokens: number
  readonly lines: readonly string[]
  /** Puts lines in last; a line that stands there already is moved there. Gives the lines that had to go. */
  add(...lines: readonly string[]): string[]
  /** Replaces everything. Gives the lines that did not fit. */
  set(lines: readonly string[]): string[]
}

export function scratchpad(counter: TokenCounter, cap: number): Scratchpad {
  let kept: string[] = []
  const shrink = (): string[] => {
    const gone: string[] = []
    while (kept.length > 1 && tokensOf(counter, kept.join('\n')) > cap) gone.push(kept.shift()!)
    if (kept.length === 1 && tokensOf(counter, kept[0]!) > cap) {
      gone.push(kept[0]!)
      const part = fitTo(counter, kept[0]!, cap).trimEnd()
      kept = part === '' || tokensOf(counter, part) > cap ? [] : [part]
    }
    return gone
  }
  return {
    get text() {
      return kept.join('\n')
    },
    get tokens() {
      return kept.length === 0 ? 0 : tokensOf(counter, kept.join('\n'))
    },
    get lines() {
      return kept
    },
    add(...lines) {
      const own = [...new Set(lines.map((line) => line.replace(/\s*\n\s*/g, ' ').trim()).filter(Boolean))]
      kept = [...kept.filter((line) => !own.includes(line)), ...own]
      return shrink()
    },
    set(lines) {
      kept = []
      return this.add(...lines)
    },
  }
}
