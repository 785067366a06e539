import { FoveaError, type Retriever } from '../core/index.ts'
import { retriever, retrievers } from '../find/index.ts'
import { learnedRanker } from '../model/index.ts'
import type { Searchable } from '../store/index.ts'

const made = new WeakMap<Searchable, Map<string, Promise<Retriever>>>()

/** A retriever by its name, with those it combines in brackets: `hybrid(keyword,neighbours(keyword))`; the ranker is the one that ships. */
export function retrieverOf(name: string, store: Searchable): Promise<Retriever> {
  const known = made.get(store) ?? new Map<string, Promise<Retriever>>()
  made.set(store, known)
  let found = known.get(name)
  if (!found) known.set(name, (found = make(name, store)))
  return found
}

async function make(name: string, store: Searchable): Promise<Retriever> {
  const [, outer, inner] = /^([\w-]+)(?:\((.*)\))?$/.exec(name.trim()) ?? []
  if (!outer)
    throw new FoveaError('spec-invalid', `"${name}" names no retriever; write one as keyword or neighbours(keyword)`)
  const parts = await Promise.all(topLevel(inner ?? '').map((part) => make(part, store)))
  const needs = retrievers.find(({ meta }) => meta.name === outer)?.meta.needs ?? []
  const ranker = needs.includes('ranker') ? await learnedRanker(store.analyzer) : undefined
  return retriever(outer, { store, inner: parts, ...(ranker ? { ranker } : {}) })
}

/** The parts between commas that stand in no brackets. */
function topLevel(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at <= text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')') depth--
    else if ((text[at] === ',' && depth === 0) || at === text.length) {
      if (text.slice(from, at).trim()) parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return parts
}
