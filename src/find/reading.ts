import { dayOf, isCode, type Passage, passageText } from '../core/index.ts'
import type { Searchable } from '../store/index.ts'
import { definedName, documentationOf, type Name, namesIn, openingName, openingTitle } from './names.ts'
import { passageKey, textBefore } from './passages.ts'
import { contentTerms } from './terms.ts'

/** What is read of a passage besides its score. */
export interface Reading {
  readonly passage: Passage
  readonly text: string
  /** Places of each term in the text, rising. */
  readonly places: ReadonlyMap<string, readonly number[]>
  /** Words of the text. */
  readonly length: number
  /** Whether it is something said: a turn, a message, a subtitle. */
  readonly spoken: boolean
  /** Titles of its Source and of the units around it, outermost first. */
  readonly titles: readonly string[]
  /** Day that something said was said on, as ISO 8601, when known. */
  readonly day: string | undefined
  /** Names in the text. */
  names(): readonly Name[]
  /** Whether it is program code, by the format of its Source or since its first lines define something. */
  readonly code: boolean
  /** The name that its first lines define, or that of the innermost unit that begins in it, where it is code. */
  readonly defines: string | undefined
  /** Content terms of the documentation in it, where it is code. */
  documentation(): ReadonlySet<string>
  /** Content terms of what the passage is about, by its innermost title or by the name that it opens with. */
  subject(): readonly string[]
  /** The same where a page of its own is about it: of a name that it opens with and says again, with no title above. */
  page(): readonly string[]
  /**
   * Content terms of its first words, where these tell what it is about: it begins its Source or a unit with a title, or is one
   * paragraph. A piece cut from a longer text opens with anything.
   */
  opening(): ReadonlySet<string>
}
export type Reader = (passage: Passage, abortSignal?: AbortSignal) => Promise<Reading>

/** UTF-16 units of a paragraph of an encyclopedia: what rankers learn from, and about what it takes to say one thing. */
export const paragraph = 600

const spokenKinds = new Set(['turn', 'message', 'cue'])
const openingWords = 8
/** White space before a line, at most, in UTF-16 units. */
const indent = 40

/** Reads passages of a store, and keeps the `most` read last: texts of a store never change under one key. */
export function passageReader(store: Searchable, most = 1000): Reader {
  const known = new Map<string, Reading>()
  return async (passage, abortSignal) => {
    abortSignal?.throwIfAborted()
    const key = passageKey(passage)
    let reading = known.get(key)
    if (reading) known.delete(key)
    else reading = await read(store, passage, abortSignal)
    known.set(key, reading)
    if (known.size > most) known.delete(known.keys().next().value!)
    return reading
  }
}

async function read(store: Searchable, passage: Passage, abortSignal?: AbortSignal): Promise<Reading> {
  const { analyzer } = store
  const span = passage.spans.at(-1)!
  const [head] = passage.spans
  const text = await passageText(passage, store.texts, abortSignal)
  const units = await store.enclosing(span)
  const lead = text.slice(0, text.search(/\S|$/u))
  const begins =
    head.start === 0 || units.some(({ title, span: { start } }) => title !== undefined && start === head.start)
  const opens =
    begins ||
    (!text.trim().includes('\n') && /\n\s*$/u.test((await textBefore(head, indent, store.texts, abortSignal)) + lead))
  const source = await store.source(span)
  const titles = [source?.title, ...units.map((unit) => unit.title)].filter((one) => one !== undefined)
  const places = new Map<string, number[]>()
  let length = 0
  analyzer.each(text, (term, position) => {
    const list = places.get(term)
    if (list) list.push(position)
    else places.set(term, [position])
    length = position + 1
  })
  const spoken = units.some(({ kind }) => spokenKinds.has(kind))
  const firstWords = (): Set<string> => {
    const found = new Set<string>()
    if (!opens) return found
    for (const [term, [first]] of places) if (first! < openingWords && !analyzer.isStopTerm(term)) found.add(term)
    return found
  }
  const ofCode = source !== undefined && isCode(source.mediaType)
  const begun = units.findLast(
    ({ kind, title, span: { start } }) => ofCode && kind !== 'statement' && title !== undefined && start >= head.start,
  )
  const defines = definedName(text) ?? begun?.title
  return {
    passage,
    code: ofCode || defines !== undefined,
    defines,
    text,
    places,
    length,
    spoken,
    day: spoken && source?.time !== undefined ? dayOf(source.time) : undefined,
    titles,
    documentation: once(
      () => new Set(ofCode || defines !== undefined ? contentTerms(analyzer, documentationOf(text)) : []),
    ),
    names: once(() => namesIn(analyzer, text)),
    subject: once(() =>
      spoken ? [] : contentTerms(analyzer, titles.at(-1) ?? defines ?? (opens ? openingName(text) : '')),
    ),
    page: once(() => (spoken || titles.length > 0 || !opens ? [] : contentTerms(analyzer, openingTitle(text)))),
    opening: once(firstWords),
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}
