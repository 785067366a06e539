import bm25 from 'wink-bm25-text-search'
import nlp from 'wink-nlp-utils'
import { peer } from './pool.ts'

export default async () =>
  peer('wink-bm25', async (texts) => {
    const index = bm25()
    index.defineConfig({ fldWeights: { text: 1 } })
    index.definePrepTasks([
      nlp.string.lowerCase,
      nlp.string.removeExtraSpaces,
      nlp.string.tokenize0,
      nlp.tokens.removeWords,
      nlp.tokens.stem,
      nlp.tokens.propagateNegations,
    ])
    for (const [number, text] of texts.entries()) index.addDoc({ text }, number)
    // It refuses collections of fewer than three documents.
    if (texts.length >= 3) index.consolidate()
    return async (question, limit) =>
      texts.length < 3 ? [] : index.search(question, limit).map(([id, score]: [string, number]) => [Number(id), score])
  })
