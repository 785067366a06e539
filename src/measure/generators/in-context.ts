import type { Corpus, Sample } from '../contract.ts'
import { unitSource } from '../published.ts'
import { finalList } from '../replies.ts'

/** A corpus to be read whole, of which replies name documents by number. */
export interface Numbered {
  readonly title?: string
  readonly text: string
}
export type Library = Corpus & Required<Pick<Corpus, 'units'>>

/**
 * All documents as one Source, each a unit with its number before and behind it, which Lee et al. 2024 (LOFT, arXiv
 * 2406.13121) found best; tables keep their name alone. What plain retrieval looks at has no number.
 */
export async function libraryOf(name: string, documents: readonly Numbered[], tables = false): Promise<Library> {
  const { source, units } = await unitSource(
    name,
    documents.map(({ title, text }, number) => {
      const plain = [title?.trim(), text.trim()].filter(Boolean).join('\n')
      return { text: tables ? `Table ${plain}` : `[${number}] ${plain} [end of ${number}]`, plain }
    }),
  )
  return { id: name, sources: [source], units }
}

/** A worked example: a query, the documents that help, and the last line of the reply. */
export const exampleOf = (
  number: number,
  query: string,
  used: readonly (readonly [number: number, document: Numbered])[],
  said: unknown,
): string => {
  const named = used.map(([own, { title, text }]) => `[${own}] ${title?.trim() || `${text.trim().slice(0, 80)}…`}\n`)
  return `Example ${number}\nQuery: ${query}\n${named.join('')}Final Answer: ${JSON.stringify(said)}`
}

/**
 * What makes a sample of a query whose answer is the numbers of documents, which are its evidence in the same order. Its check
 * gives recall at 1 and, with a depth, first whether all are among so many; ours counts a number once that is said twice.
 */
export function byNumbers(
  numbers: readonly number[],
  depth: number | undefined,
): Required<Pick<Sample, 'answers' | 'needs' | 'solve' | 'check'>> {
  return {
    answers: numbers.map((number) => [String(number)]),
    needs: numbers.map((_, group) => [group]),
    solve: (seen) => `Final Answer: [${numbers.filter((_, index) => seen[index]).join(', ')}]`,
    check(said) {
      const ids = [...new Set((finalList(said) ?? []).map((id) => String(id).trim()))]
      const hits = (most: number): number => {
        const first = new Set(ids.slice(0, most))
        return numbers.filter((number) => first.has(String(number))).length
      }
      const recall = { 'said-recall@1': numbers.length === 0 ? 0 : hits(1) / numbers.length }
      if (depth === undefined) return recall
      return { [`said-mrecall@${depth}`]: hits(depth) === Math.min(depth, numbers.length) ? 1 : 0, ...recall }
    },
  }
}
