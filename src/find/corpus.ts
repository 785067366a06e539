import type { Filter, Passage, SourceId, Span } from '../core/index.ts'
import type { Searchable, StoredSource } from '../store/index.ts'

const page = 500

/** Every passage of one Source, in document order. */
export async function* passagesOf(
  store: Searchable,
  source: StoredSource,
  abortSignal?: AbortSignal,
): AsyncGenerator<Passage> {
  const start: Span = { source: source.id, start: 0, end: 0 }
  let last: Passage = { spans: [start], score: 0, trail: [] }
  for (;;) {
    abortSignal?.throwIfAborted()
    const next = await store.neighbours(last, 0, page)
    for (const passage of next) yield { ...passage, trail: [] }
    if (next.length < page) return
    last = next.at(-1)!
  }
}

/** The Sources that a filter lets through, or undefined where there is none. */
export async function allowedSources(
  store: Searchable,
  filter: Filter | undefined,
): Promise<ReadonlySet<SourceId> | undefined> {
  if (!filter) return undefined
  const allowed = new Set<SourceId>()
  for await (const { id } of store.sources(filter)) allowed.add(id)
  return allowed
}

/** True when each span lies in a Source that is let through. */
export const isAllowed = (spans: readonly Span[], allowed: ReadonlySet<SourceId> | undefined): boolean =>
  !allowed || spans.every(({ source }) => allowed.has(source))

async function printOf(store: Searchable, abortSignal?: AbortSignal): Promise<string> {
  let one = 0x811c9dc5
  let two = 7
  let count = 0
  for await (const { id, passages } of store.sources()) {
    if (count++ % 1000 === 0) abortSignal?.throwIfAborted()
    one = Math.imul(one ^ Number.parseInt(id.slice(0, 8), 16) ^ passages, 0x01000193)
    two = (Math.imul(two, 31) + Number.parseInt(id.slice(8, 16), 16) + passages) | 0
  }
  return `${count} ${one} ${two}`
}

/** Something made of all that a store holds: made when it is first asked for, and again when the Sources have changed. */
export function standing<Value>(
  store: Searchable,
  build: (abortSignal?: AbortSignal) => Promise<Value>,
): (abortSignal?: AbortSignal) => Promise<Value> {
  let known: { readonly print: string; readonly value: Promise<Value> } | undefined
  return async (abortSignal) => {
    abortSignal?.throwIfAborted()
    const print = await printOf(store, abortSignal)
    if (known?.print === print)
      try {
        return await known.value
      } catch {
        // It was broken off for another question, which is no reason to fail this one.
        abortSignal?.throwIfAborted()
      }
    const value = build(abortSignal)
    known = { print, value }
    try {
      return await value
    } catch (error) {
      if (known?.value === value) known = undefined
      throw error
    }
  }
}
