import type { DatabaseSync } from 'node:sqlite'
import { damaged, decodeText, Recent, unseal } from './bytes.ts'
import { detailKey, type detailKinds } from './content.ts'
import { decodePassages, type PassageGroup } from './structure.ts'

interface TextRow {
  readonly at: number
  readonly text: string
}

/** Text by its place on the store's scale of UTF-16 units. Keeps the rows used last, decoded. */
export class TextRows {
  readonly #row
  readonly #rows
  readonly #recent = new Recent<number, TextRow>(256)

  constructor(database: DatabaseSync) {
    this.#row = database.prepare('SELECT at, bytes FROM text WHERE at <= ? ORDER BY at DESC LIMIT 1')
    this.#rows = database.prepare('SELECT at, bytes FROM text WHERE at >= ? AND at < ? ORDER BY at')
  }

  /** Rows never change and their places are never given out again, so that what is kept stays true. */
  #decode(row: Record<string, unknown>): TextRow {
    const at = Number(row.at)
    return this.#recent.get(at) ?? this.#recent.set(at, { at, text: decodeText(unseal(row.bytes, 'a row of text')) })
  }

  slice(from: number, to: number): string {
    if (to <= from) return ''
    const row = this.#row.get(from)
    if (!row) throw damaged('a row of text is missing')
    const first = this.#decode(row)
    if (from >= first.at + first.text.length) throw damaged('a row of text is too short')
    let text = first.text.slice(from - first.at, to - first.at)
    if (from + text.length >= to) return text
    for (const row of this.#rows.iterate(from + text.length, to)) {
      const next = decodeText(unseal(row.bytes, 'a row of text'))
      if (Number(row.at) !== from + text.length) throw damaged('a row of text is missing')
      text += next.slice(0, to - from - text.length)
    }
    if (from + text.length !== to) throw damaged('a row of text is missing')
    return text
  }
}

export interface StoredPassage {
  readonly number: number
  readonly start: number
  readonly end: number
  readonly node: number
  /** -1 where there is none. */
  readonly headerStart: number
  readonly headerEnd: number
}

/** Passages by number. Keeps the groups used last, decoded. */
export class PassageRows {
  readonly #row
  readonly #recent = new Recent<number, PassageGroup>(64)
  #last: PassageGroup | undefined

  constructor(database: DatabaseSync) {
    this.#row = database.prepare(
      'SELECT first, count, bytes FROM passages WHERE first <= ? ORDER BY first DESC LIMIT 1',
    )
  }

  #group(number: number): PassageGroup {
    const last = this.#last
    if (last && number >= last.first && number < last.first + last.count) return last
    const row = this.#row.get(number)
    const first = Number(row?.first)
    const count = Number(row?.count)
    if (!row || number >= first + count) throw damaged(`passage ${number} is missing`)
    this.#last =
      this.#recent.get(first) ??
      this.#recent.set(first, decodePassages(first, count, unseal(row.bytes, 'a row of passages')))
    return this.#last
  }

  get(number: number): StoredPassage {
    const group = this.#group(number)
    const index = number - group.first
    return {
      number,
      start: group.start[index]!,
      end: group.end[index]!,
      node: group.node[index]!,
      headerStart: group.headerStart[index]!,
      headerEnd: group.headerEnd[index]!,
    }
  }
}

export function readDetail(
  database: DatabaseSync,
  source: number,
  kind: keyof typeof detailKinds,
): Uint8Array | undefined {
  const rows = database
    .prepare('SELECT bytes FROM details WHERE key >= ? AND key < ? ORDER BY key')
    .all(detailKey(source, kind, 0), detailKey(source, kind, 0) + 2 ** 16)
  if (rows.length === 0) return undefined
  return Buffer.concat(rows.map((row) => unseal(row.bytes, `the ${kind} of a source`)))
}

/** The passages of the sources that have no vectors yet, with their texts as they are to be embedded. */
export function* passagesToEmbed(database: DatabaseSync): Generator<{
  readonly first: number
  readonly passages: { readonly number: number; readonly text: string }[]
}> {
  const text = new TextRows(database)
  const passages = new PassageRows(database)
  const sources = database
    .prepare('SELECT first, count FROM sources WHERE embedded = 0 AND ready = 1 ORDER BY first')
    .all()
  for (const row of sources) {
    const first = Number(row.first)
    const numbers = Array.from({ length: Number(row.count) }, (_, index) => first + index)
    yield {
      first,
      passages: numbers.map((number) => {
        const { start, end, headerStart, headerEnd } = passages.get(number)
        const rows = text.slice(start, end)
        return { number, text: headerStart < 0 ? rows : `${text.slice(headerStart, headerEnd)}\n${rows}` }
      }),
    }
  }
}
