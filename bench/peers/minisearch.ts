import MiniSearch from 'minisearch'
import { peer } from './pool.ts'

export default async () =>
  peer('minisearch', async (texts) => {
    const index = new MiniSearch<{ id: number; text: string }>({ fields: ['text'] })
    index.addAll(texts.map((text, id) => ({ id, text })))
    return async (question, limit) =>
      index
        .search(question)
        .slice(0, limit)
        .map(({ id, score }) => [id as number, score] as const)
  })
