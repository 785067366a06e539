import { FoveaError, loadLeaf, type Retriever } from '../core/index.ts'
import { retrievers } from './catalog.ts'
import type { RetrieverFactory, RetrieverParts } from './contract.ts'

/**
 * Loads a retriever by its name and makes it from its parts; `options` are its own.
 * Throws `leaf-unknown`, and `part-missing` when the retriever works on something that was not given.
 */
export async function retriever(
  name: string,
  parts: RetrieverParts,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Retriever> {
  const make = (await loadLeaf(retrievers, name)) as RetrieverFactory<Record<string, unknown>>
  const { meta } = retrievers.find((entry) => entry.meta.name === name)!
  for (const need of meta.needs)
    if (need === 'inner' ? parts.inner.length === 0 : parts[need] === undefined)
      throw new FoveaError(
        'part-missing',
        need === 'inner'
          ? `the retriever "${name}" works on other retrievers; name one, as in "${name}(keyword)", or give it in "inner"`
          : `the retriever "${name}" needs a model; give one as "${need}"`,
        { detail: { name, need } },
      )
  return make(parts, options)
}
