import type { Source, Span } from '../../../core/index.ts'

const kept = /[\p{L}\p{M}\p{N}]/u

/** Letters and digits of a text in lower case, with the offset of each in the text. */
interface Folded {
  readonly source: Source
  readonly text: string
  readonly offsets: Uint32Array
}

function fold(source: Source): Folded {
  const offsets = new Uint32Array(source.text.length * 2)
  let text = ''
  let at = 0
  for (const character of source.text) {
    if (kept.test(character)) {
      const lower = character.toLowerCase()
      for (let unit = 0; unit < lower.length; unit++) offsets[text.length + unit] = at
      text += lower
    }
    at += character.length
  }
  return { source, text, offsets }
}

/** Cells up to this many characters must stand alone: inside a longer word or number they mean nothing. */
const short = 5

function find({ source, text, offsets }: Folded, cell: string, from: number): { at: number; span: Span } | undefined {
  for (let at = text.indexOf(cell, from); at !== -1; at = text.indexOf(cell, at + 1)) {
    const start = offsets[at]!
    const last = offsets[at + cell.length - 1]!
    const end = last + String.fromCodePoint(source.text.codePointAt(last)!).length
    const alone = !kept.test(source.text[start - 1] ?? ' ') && !kept.test(source.text[end] ?? ' ')
    if (alone || cell.length > short) return { at, span: { source: source.id, start, end } }
  }
  return undefined
}

/**
 * Where the cells of a table stand in the text of the page it was taken from, by letters and digits alone: each as near
 * behind the row before as may be, else anywhere. Empty cells and `N/A` are not looked for; undefined is one not found.
 */
export function locateCells(
  sources: readonly Source[],
  rows: readonly (readonly string[])[],
): (Span | undefined | null)[][] {
  const pages = sources.map(fold)
  let page = 0
  let from = 0
  return rows.map((row) => {
    let first: { page: number; at: number } | undefined
    const found = row.map((cell) => {
      const wanted = [...cell.toLowerCase()].filter((character) => kept.test(character)).join('')
      if (wanted === '' || wanted === 'na') return null
      const order = [...pages.keys()].slice(page).concat([...pages.keys()].slice(0, page))
      for (const [turn, number] of [...order, page].entries()) {
        const hit = find(pages[number]!, wanted, turn === 0 ? from : 0)
        if (!hit) continue
        first ??= { page: number, at: hit.at }
        return hit.span
      }
      return undefined
    })
    if (first) {
      page = first.page
      from = first.at
    }
    return found
  })
}
