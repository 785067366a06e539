import { type Analyzer, type Passage, passageText, type Span } from '../../core/index.ts'
import type { Searchable } from '../../store/index.ts'
import { passagesOf } from '../corpus.ts'
import { textBefore } from '../passages.ts'
import { nameKey } from './entities.ts'

/** Two things and how a place in the text relates them. */
export interface Statement {
  readonly subject: string
  readonly relation: string
  readonly object: string
  /** The words that say so. */
  readonly span: Span
}
export interface Fact {
  /** Numbers of entities. */
  readonly subject: number
  readonly object: number
  readonly relation: string
  readonly span: Span
  /** Number of the passage that the words stand in. */
  readonly passage: number
}
export interface Entity {
  readonly name: string
  /** Numbers of the facts that it is in. */
  readonly facts: readonly number[]
}
export interface Graph {
  readonly entities: readonly Entity[]
  readonly facts: readonly Fact[]
  readonly passages: readonly Passage[]
  /** Numbers of the entities that a text names, in the order of their names; longer names first where they overlap. */
  named(text: string): number[]
}

export type Extract = (
  passage: Passage,
  text: string,
  before: string,
  abortSignal?: AbortSignal,
) => Promise<readonly Statement[]>

const longestName = 8
/** Characters before a passage, of its own Source, that an extractor may see to tell whom a pronoun means. */
const seenBefore = 600

export class GraphBuilder {
  readonly #analyzer: Analyzer
  readonly #numbers = new Map<string, number>()
  readonly #entities: { name: string; facts: number[] }[] = []
  readonly #facts: Fact[] = []
  readonly #passages: Passage[] = []

  constructor(analyzer: Analyzer) {
    this.#analyzer = analyzer
  }

  #entity(name: string): number | undefined {
    const key = nameKey(this.#analyzer, name)
    if (key === '') return undefined
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.#entities.push({ name, facts: [] }) - 1
      this.#numbers.set(key, number)
    }
    return number
  }

  add(passage: Passage, statements: readonly Statement[]): void {
    const place = this.#passages.push(passage) - 1
    const known = new Set<string>()
    for (const { subject, relation, object, span } of statements) {
      const [from, to] = [this.#entity(subject), this.#entity(object)]
      const same = `${from} ${to} ${relation} ${span.start}`
      if (from === undefined || to === undefined || from === to || known.has(same)) continue
      known.add(same)
      const number = this.#facts.push({ subject: from, object: to, relation, span, passage: place }) - 1
      this.#entities[from]!.facts.push(number)
      this.#entities[to]!.facts.push(number)
    }
  }

  done(): Graph {
    const [analyzer, numbers] = [this.#analyzer, this.#numbers]
    // A word of one name alone stands for it in a question.
    const parts = new Map<string, number | undefined>()
    for (const [key, number] of numbers)
      for (const part of key.split(' '))
        parts.set(part, parts.has(part) && parts.get(part) !== number ? undefined : number)
    return {
      entities: this.#entities,
      facts: this.#facts,
      passages: this.#passages,
      named(text) {
        const terms: string[] = []
        let last = -1
        analyzer.each(text.replace(/['’]s(?![\p{L}\p{N}])/gu, ''), (term, position) => {
          if (position !== last) terms.push(term)
          last = position
        })
        const found: number[] = []
        for (let from = 0; from < terms.length; ) {
          let step = 1
          for (let size = Math.min(longestName, terms.length - from); size > 0; size--) {
            const key = terms.slice(from, from + size).join(' ')
            const number = numbers.get(key) ?? (size === 1 && !analyzer.isStopTerm(key) ? parts.get(key) : undefined)
            if (number === undefined) continue
            if (!found.includes(number)) found.push(number)
            step = size
            break
          }
          from += step
        }
        return found
      },
    }
  }
}

/** The graph of all that a store holds. */
export async function graphOf(store: Searchable, extract: Extract, abortSignal?: AbortSignal): Promise<Graph> {
  const builder = new GraphBuilder(store.analyzer)
  for await (const source of store.sources())
    for await (const passage of passagesOf(store, source, abortSignal)) {
      const earlier = await textBefore(passage.spans.at(-1)!, seenBefore, store.texts, abortSignal)
      const text = await passageText(passage, store.texts, abortSignal)
      builder.add(passage, await extract(passage, text, earlier, abortSignal))
    }
  return builder.done()
}
