import { BM25Retriever } from '@langchain/community/retrievers/bm25'
import { Document } from '@langchain/core/documents'
import { peer } from './pool.ts'

export default async () =>
  peer('langchain-bm25', async (texts) => {
    const documents = texts.map((pageContent, number) => new Document({ pageContent, metadata: { number } }))
    return async (question, limit) => {
      const retriever = BM25Retriever.fromDocuments(documents, { k: limit })
      const found = await retriever.invoke(question)
      return found.map(({ metadata }, rank) => [metadata.number as number, -rank] as const)
    }
  })
