import type { Analyzer } from '../core/index.ts'
import type { StoredSource } from '../store/index.ts'

/** Longest title that is looked for in a text, in words; sources that one leading word may join, unless they share another. */
const [mostWords, mostAlike] = [8, 50]

const wordsIn = (text: string): string[] => text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []

/** Its title without what stands in brackets, and the name of its file. */
function namesOf({ title, uri }: StoredSource): string[] {
  const file = (uri.split(/[/\\]/).at(-1) ?? '').replace(/\.[^.]*$/, '')
  return [...new Set([...(title ? [title.replace(/\s*\([^)]*\)\s*$/, '')] : []), file])]
}

/** Sources by what their titles say of each other. */
export interface Titles {
  /** Those whose titles a source's text names, in that order, then those whose titles share its leading words, most of them first. */
  related(source: StoredSource, text: string): StoredSource[]
}

export function titlesOf(sources: Iterable<StoredSource>, analyzer: Analyzer): Titles {
  const named = new Map<string, StoredSource>()
  const alike = new Map<string, { readonly source: StoredSource; readonly leading: readonly string[] }[]>()
  /** One term for each word that carries content. */
  const leadingOf = (name: string): string[] => {
    const found: string[] = []
    let last = -1
    for (const { term, position } of analyzer.terms(name)) {
      if (position !== last && !analyzer.isStopTerm(term)) found.push(term)
      last = position
    }
    return found
  }
  for (const source of sources)
    for (const name of namesOf(source)) {
      const words = wordsIn(name)
      // One short or small word is said of much else.
      const telling = words.length > 1 || (/^\p{Lu}/u.test(name) && name.length > 3)
      if (telling && words.length <= mostWords && !named.has(words.join(' '))) named.set(words.join(' '), source)
      const leading = leadingOf(name)
      if (leading.length === 0) continue
      const list = alike.get(leading[0]!)
      if (list) list.push({ source, leading })
      else alike.set(leading[0]!, [{ source, leading }])
    }
  return {
    related(source, text) {
      const found = new Set<StoredSource>()
      const words = wordsIn(text)
      for (let at = 0; at < words.length; at++)
        for (let length = Math.min(mostWords, words.length - at); length > 0; length--) {
          const one = named.get(words.slice(at, at + length).join(' '))
          if (!one) continue
          found.add(one)
          at += length - 1
          break
        }
      const shared: { readonly source: StoredSource; readonly count: number }[] = []
      for (const name of namesOf(source)) {
        const own = leadingOf(name)
        const list = own.length > 0 ? (alike.get(own[0]!) ?? []) : []
        for (const { source: other, leading } of list) {
          let count = 0
          while (count < own.length && own[count] === leading[count]) count++
          if (count > 1 || list.length <= mostAlike) shared.push({ source: other, count })
        }
      }
      for (const { source: one } of shared.sort((a, b) => b.count - a.count)) found.add(one)
      return [...found].filter(({ id }) => id !== source.id)
    },
  }
}
