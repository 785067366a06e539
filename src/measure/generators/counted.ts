import { makeSource, type Source, type Span } from '../../core/index.ts'
import { segmentsOf } from './segments.ts'

/** Longest segment, in UTF-16 units, so that each is looked for as a whole. */
const segment = 400

/** How often each word of interest stands in a text. */
function countIn(text: string, words: ReadonlySet<string>, counts: Map<string, number>): void {
  for (const word of text.split(' ')) if (words.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1)
}

/**
 * A text whose words are to be counted: all of it is evidence, in segments, and who saw some segments says the words that
 * come most often in these.
 */
export async function counted(
  name: string,
  text: string,
  words: readonly string[],
  most: number,
): Promise<{
  readonly source: Source
  readonly evidence: readonly Span[]
  solve(seen: readonly boolean[]): string
}> {
  const source = await makeSource({ uri: `${name}.txt`, text, mediaType: 'text/plain' })
  const evidence = segmentsOf(source, segment)
  const interest = new Set(words)
  return {
    source,
    evidence,
    solve(seen) {
      const counts = new Map<string, number>()
      for (const [at, { start, end }] of evidence.entries())
        if (seen[at]) countIn(source.text.slice(start, end), interest, counts)
      return [...counts]
        .sort((one, other) => other[1] - one[1])
        .slice(0, most)
        .map(([word]) => word)
        .join(', ')
    },
  }
}
