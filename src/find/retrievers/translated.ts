import { FoveaError, type Passage } from '../../core/index.ts'
import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'
import { byScore, passageKey } from '../passages.ts'

export const meta = {
  name: 'translated',
  summary:
    'Asks another retriever in the languages of the sources too, as a model translates the question, and fuses the ranks.',
  paper: 'Nie 2010, Cross-Language Information Retrieval',
  needs: ['inner', 'model'],
} as const satisfies RetrieverMeta

export interface TranslatedOptions {
  /** BCP 47 tags to ask in. Default: the languages of the store's Sources, as far as they are known. */
  readonly languages: readonly string[]
  /** Most languages beside the question's own. Default 4. */
  readonly most: number
  /** How slowly the worth of a rank falls. Default 60. */
  readonly k: number
  /** Passages to ask for in each language, at least. Default 50. */
  readonly depth: number
}

const instruction = `Translate the search question into the language named. Keep names, numbers and words in quotation marks as they are.
Reply with the translation and nothing else. When the question is in that language already, reply with SAME.`

/**
 * Asks in the question's language and in those of the Sources, and merges the rankings. The book tells of dictionaries and translation
 * models; ours asks a language model.
 */
const make: RetrieverFactory<TranslatedOptions> = ({ store, inner: [retriever], model }, options = {}) => {
  const { languages, most = 4, k = 60, depth = 50 } = options
  if (!retriever || !model)
    throw new FoveaError(
      'part-missing',
      'the retriever "translated" works on another, and needs a model; give one as "model"',
    )

  /** The languages of most Sources, first to last. */
  async function common(abortSignal?: AbortSignal): Promise<string[]> {
    const counts = new Map<string, number>()
    for await (const { language, length } of store.sources()) {
      abortSignal?.throwIfAborted()
      if (language) counts.set(language, (counts.get(language) ?? 0) + length)
    }
    return [...counts]
      .sort((first, second) => second[1] - first[1] || (first[0] < second[0] ? -1 : 1))
      .map(([tag]) => tag)
  }

  async function translation(text: string, language: string, abortSignal?: AbortSignal): Promise<string | undefined> {
    const name = new Intl.DisplayNames(['en'], { type: 'language' }).of(language) ?? language
    const reply = await model!.generate({
      intent: 'rewrite',
      system: instruction,
      prompt: `Language: ${name}\nQuestion: ${text}`,
      maxOutputTokens: 200,
      temperature: 0,
      ...(abortSignal ? { abortSignal } : {}),
    })
    const said = reply.text.trim()
    return said === '' || said === 'SAME' || said === text ? undefined : said
  }

  return {
    name: meta.name,
    async retrieve(query) {
      query.abortSignal?.throwIfAborted()
      const wanted = query.text.trim() === '' ? [] : (languages ?? (await common(query.abortSignal))).slice(0, most)
      const said = await Promise.all(wanted.map((language) => translation(query.text, language, query.abortSignal)))
      const asked = new Map([[query.text, meta.name as string]])
      for (const [at, text] of said.entries())
        if (text && !asked.has(text)) asked.set(text, `${meta.name} ${wanted[at]}`)
      const fused = new Map<string, Passage>()
      for (const [text, step] of asked) {
        const found = await retriever.retrieve({ ...query, text, limit: Math.max(query.limit, depth) })
        for (const [rank, passage] of found.entries()) {
          const key = passageKey(passage)
          const known = fused.get(key)
          const trail = [...new Set([...(known?.trail ?? passage.trail), step])]
          fused.set(key, { ...passage, trail, score: (known?.score ?? 0) + 1 / (k + rank + 1) })
        }
      }
      return byScore([...fused.values()]).slice(0, query.limit)
    },
  }
}
export default make
