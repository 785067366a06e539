import { create, insertMultiple, search } from '@orama/orama'
import { peer } from './pool.ts'

export default async () =>
  peer('orama', async (texts) => {
    const index = create({ schema: { number: 'number', text: 'string' } as const })
    await insertMultiple(
      index,
      texts.map((text, number) => ({ number, text })),
    )
    return async (question, limit) => {
      const { hits } = await search(index, { term: question, properties: ['text'], limit, threshold: 1 })
      return hits.map(({ document, score }) => [document.number as number, score] as const)
    }
  })
