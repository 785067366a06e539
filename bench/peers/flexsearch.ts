import { Charset, Index } from 'flexsearch'
import { peer } from './pool.ts'

export default async () =>
  peer('flexsearch', async (texts) => {
    const index = new Index({ tokenize: 'strict', encoder: Charset.LatinBalance, resolution: 9 })
    for (const [number, text] of texts.entries()) index.add(number, text)
    // It wants every word of a query unless it may suggest.
    return async (question, limit) =>
      (index.search(question, { limit, suggest: true }) as number[]).map((number, rank) => [number, -rank] as const)
  })
