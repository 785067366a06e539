import { makeSource, type Source, type Span } from '../core/index.ts'
import { bytesInput, read } from '../read/index.ts'
import type { Dataset, DatasetRequest, Sample, Tag, Tags, Unit } from './contract.ts'
import { joined } from './corpus.ts'

/** One item of a published set. Its sample is made when it is asked for, so that texts of other cells are not. */
export interface Item {
  readonly cell: string
  readonly id: string
  sample(): Promise<Omit<Sample, 'id' | 'cell'>>
}

/** A data set of items: those of the cells asked for, and of each cell no more than the first `samples`. */
export const published = (items: (request: DatasetRequest) => AsyncIterable<Item>): Dataset =>
  async function* (request) {
    const { cells, samples = Number.POSITIVE_INFINITY, abortSignal } = request
    const taken = new Map<string, number>()
    const ids = new Map<string, number>()
    abortSignal?.throwIfAborted()
    for await (const { cell, id, sample } of items(request)) {
      abortSignal?.throwIfAborted()
      if (cells && !cells.includes(cell)) continue
      const before = taken.get(cell) ?? 0
      if (before >= samples) {
        if (cells?.every((name) => (taken.get(name) ?? 0) >= samples)) return
        continue
      }
      taken.set(cell, before + 1)
      const name = `${cell} ${id}`
      const same = ids.get(name) ?? 0
      ids.set(name, same + 1)
      const made = await sample()
      const tags = { asks: questionKind(made.question), ...made.tags }
      yield { id: same === 0 ? name : `${name} (${same + 1})`, cell, ...made, tags }
    }
  }

/** What an English question asks for, by its first word of asking: how the studies of long context and retrieval sort them. */
export function questionKind(question: string): string {
  const text = question.toLowerCase()
  const [, asked] = /\b(how (?:many|much)|who|whom|whose|what|when|where|which|why|how)\b/.exec(text) ?? []
  if (asked) return asked.startsWith('who') ? 'who' : asked
  return /^\W*(is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b/.test(text) ? 'yes/no' : 'other'
}

/** Makes a value once, when it is first asked for. */
export function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined
  return () => (made ??= make())
}

const longestTag = 1000

/** Every field of a published row that is a plain value, but for those named; long texts are no tags. */
export function tagsOf(row: object, without: readonly string[] = []): Tags {
  const tags: Record<string, Tag> = {}
  for (const [name, value] of Object.entries(row)) {
    if (without.includes(name) || value === '') continue
    if (
      typeof value === 'string' ? value.length <= longestTag : typeof value === 'number' || typeof value === 'boolean'
    )
      tags[name] = value as Tag
  }
  return tags
}

/** All texts of a nested list, map or single value, without those that are blank. */
export function textsIn(value: unknown): string[] {
  if (value === null || value === undefined) return []
  if (typeof value === 'object') return Object.values(value).flatMap(textsIn)
  const text = String(value)
  return text.trim() === '' ? [] : [text]
}

/** Choices as published, a list or a map by letter, and the letters that readers are shown for them. */
export function choicesOf(options: unknown): {
  readonly letters: readonly string[]
  readonly texts: readonly string[]
} {
  const pairs = Object.entries((options ?? {}) as Record<string, unknown>)
    .filter(([, text]) => text !== null && text !== undefined && String(text).trim() !== '')
    .sort(([one], [other]) => (Array.isArray(options) ? 0 : one < other ? -1 : 1))
  const letters = pairs.map(([key], index) => (Array.isArray(options) ? letterOf(index) : key.trim().toUpperCase()))
  return { letters, texts: pairs.map(([, text]) => String(text).trim()) }
}
export const letterOf = (index: number): string => String.fromCharCode(65 + index)

export const textSource = (name: string, text: string, more: Partial<Source> = {}): Promise<Source> =>
  makeSource({ uri: `${name}.txt`, text, mediaType: 'text/plain', ...more })

/** One Source of pieces in a row, a line feed between, each a unit; blank pieces must be left out before. */
export async function unitSource(
  name: string,
  pieces: readonly { readonly text: string; readonly plain?: string }[],
  more: Partial<Source> = {},
): Promise<{ readonly source: Source; readonly units: readonly Unit[] }> {
  const { text, ranges } = joined(pieces)
  const source = await textSource(name, text, more)
  const units = ranges.map(([start, end], index): Unit => {
    const { plain } = pieces[index]!
    return { source: source.id, start, end, ...(plain === undefined ? {} : { plain }) }
  })
  return { source, units }
}

export const spanOf = ({ source, start, end }: Span): Span => ({ source, start, end })

const looksLikePage = /<(?:html|head|body|pre|p|br|div|table)\b[^>]*>/i

/** A text or the bytes of a file as one Source: pages of HTML as what they show, all else as it stands. */
export async function readable(
  name: string,
  content: string | Uint8Array,
  options: { readonly title?: string; readonly abortSignal?: AbortSignal } = {},
): Promise<Source> {
  const { title, abortSignal } = options
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const page = looksLikePage.test(new TextDecoder('latin1').decode(bytes.subarray(0, 20_000)))
  const format = page ? 'html' : 'text'
  let text = ''
  let first: Source | undefined
  for await (const source of read(bytesInput(name, bytes), { format, ...(abortSignal ? { abortSignal } : {}) })) {
    first ??= source
    text += source.text
  }
  const { outline, language } = first!
  return textSource(name, text, {
    ...(outline && text === first!.text ? { outline } : {}),
    ...(language ? { language } : {}),
    ...(title === undefined ? {} : { title }),
  })
}
