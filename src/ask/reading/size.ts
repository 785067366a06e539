import { estimateTokens, type Filter } from '../../core/index.ts'
import type { AskParts } from '../contract.ts'

/** Sources whose text is sampled to learn how many units a token has. */
const sampled = 5

/** Tokens of all sources that a filter names, estimated from their lengths and the beginnings of the first few. */
export async function corpusTokens(
  { store, texts }: Pick<AskParts, 'store' | 'texts'>,
  filter?: Filter,
  abortSignal?: AbortSignal,
): Promise<number> {
  let units = 0
  let seen = 0
  let tokens = 0
  let count = 0
  for await (const { id, length } of store.sources(filter)) {
    abortSignal?.throwIfAborted()
    units += length
    if (count++ >= sampled || length === 0) continue
    // One unit less than the whole of a part, so that no pair is split: the end of a source never splits one.
    const text = await sample(texts, id, length, abortSignal)
    seen += text.length
    tokens += estimateTokens(text)
  }
  return seen === 0 ? Math.ceil(units / 4) : Math.ceil((units * tokens) / seen)
}

async function sample(
  texts: AskParts['texts'],
  source: string,
  length: number,
  abortSignal?: AbortSignal,
): Promise<string> {
  for (const end of [Math.min(length, 4000), Math.min(length, 4001), length])
    try {
      return await texts.slice({ source, start: 0, end }, abortSignal)
    } catch {
      abortSignal?.throwIfAborted()
    }
  return ''
}
