import type { Retriever } from '../core/index.ts'
import { composer } from '../find/index.ts'
import type { Searchable } from '../store/index.ts'

const made = new WeakMap<Searchable, (name: string) => Promise<Retriever>>()

/** A retriever of a store by its name, with those it combines in brackets: `hybrid(keyword,neighbours(keyword))`. */
export function retrieverOf(name: string, store: Searchable): Promise<Retriever> {
  let compose = made.get(store)
  if (!compose) made.set(store, (compose = composer({ store })))
  return compose(name)
}
