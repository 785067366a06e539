import { FoveaError, type Retriever } from '../core/index.ts'
import { learnedRanker } from '../model/index.ts'
import { retrievers } from './catalog.ts'
import type { RetrieverMeta, RetrieverParts } from './contract.ts'
import { retriever } from './make.ts'

/** The retriever that is used when none is named: chosen by bench/specs/leaderboard.yaml. */
export const defaultRetriever = 'adaptive'

/**
 * A retriever by its name, with those it combines in brackets: `hybrid(keyword,neighbours(keyword))`. What is made of the same name and
 * parts is made once; a ranker that is needed or used and not given is the one that ships. Throws `retriever-invalid`, `leaf-unknown`, `part-missing`.
 */
export function composer(parts: Omit<RetrieverParts, 'inner'>): (name: string) => Promise<Retriever> {
  const made = new Map<string, Promise<Retriever>>()
  const compose = (name: string): Promise<Retriever> => {
    const known = made.get(name)
    if (known) return known
    const making = make(name)
    made.set(name, making)
    return making
  }
  async function make(name: string): Promise<Retriever> {
    const [, outer, inner] = /^([\w-]+)(?:\((.*)\))?$/s.exec(name.trim()) ?? []
    if (!outer)
      throw new FoveaError(
        'retriever-invalid',
        `"${name}" names no retriever; write one as keyword or neighbours(keyword)`,
      )
    const meta: RetrieverMeta | undefined = retrievers.find((entry) => entry.meta.name === outer)?.meta
    const shipped = [...(meta?.needs ?? []), ...(meta?.uses ?? [])].includes('ranker') && !parts.ranker
    return retriever(outer, {
      ...parts,
      ...(shipped ? { ranker: await learnedRanker(parts.store.analyzer) } : {}),
      inner: await Promise.all(topLevel(inner ?? '').map(compose)),
    })
  }
  return compose
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
