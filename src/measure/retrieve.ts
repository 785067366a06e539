import type { Ranker, Retriever } from '../core/index.ts'
import { composer } from '../find/index.ts'
import type { Searchable } from '../store/index.ts'

/** Makes retrievers of stores by their names, with those they combine in brackets: `hybrid(keyword,neighbours(keyword))`. */
export function retrieversOf(ranker?: Ranker): (name: string, store: Searchable) => Promise<Retriever> {
  const made = new WeakMap<Searchable, (name: string) => Promise<Retriever>>()
  return (name, store) => {
    let compose = made.get(store)
    if (!compose) made.set(store, (compose = composer({ store, ...(ranker ? { ranker } : {}) })))
    return compose(name)
  }
}
