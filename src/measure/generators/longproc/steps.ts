import type { TokenCounter } from '../../../core/index.ts'

/** What stands between `<tag>` and `</tag>`, the last time both are there. */
export function tagged(said: string, tag: string): string | undefined {
  const end = said.lastIndexOf(`</${tag}>`)
  const start = end === -1 ? -1 : said.lastIndexOf(`<${tag}>`, end)
  return start === -1 ? undefined : said.slice(start + tag.length + 2, end).trim()
}

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** Letters and digits alone, in lower case. */
export const folded = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, '')

/** Whether two rows of steps are the same, and the share of steps before the first that differs; steps too many cost as well. */
export function compareSteps(gold: readonly string[], said: readonly string[]): { exact: number; steps: number } {
  let same = 0
  while (same < gold.length && same < said.length && gold[same] === said[same]) same++
  const most = Math.max(gold.length, said.length)
  return { exact: same === most ? 1 : 0, steps: most === 0 ? 1 : same / most }
}

/** Tokens that gold output should have, by the paper's three groups. */
export const outputTokens = (output: unknown): number =>
  ({ '0.5k': 512, '2k': 2048, '8k': 8192 })[String(output)] ?? Number(output)

/** The first made thing whose output fills 70 to 100 percent of the tokens asked for, or the nearest of many. */
export function nearest<Made>(
  make: () => Made | undefined,
  output: (made: Made) => string,
  tokens: number,
  counter: TokenCounter,
  tries = 2000,
): Made {
  let best: { made: Made; off: number } | undefined
  for (let attempt = 0; attempt < tries || !best; attempt++) {
    const made = make()
    if (made === undefined) continue
    const text = output(made)
    // Far off by its characters: not worth counting.
    if (best && (text.length > tokens * 8 || text.length < tokens)) continue
    const count = counter.count(text)
    if (count <= tokens && count >= 0.7 * tokens) return made
    const off = Math.abs(count - tokens)
    if (!best || off < best.off) best = { made, off }
  }
  return best.made
}
