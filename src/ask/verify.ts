/** How a quote was found in a text. */
export interface Match {
  /** Half-open range of UTF-16 offsets in the text. */
  readonly start: number
  readonly end: number
  /** `normalised`: but for white space, quotation marks, dashes, case and emphasis marks; `fuzzy`: within `distance`. */
  readonly how: 'exact' | 'normalised' | 'fuzzy'
  /** Edits (insert, delete, replace a character) between the two normalised forms. */
  readonly distance: number
}

/** A fuzzy match may differ in at most this share of the quote's normalised characters. */
export const mostDifferent = 0.1
/** Shorter quotes (normalised characters) must match without edits. */
const shortestFuzzy = 24
/** Work of a fuzzy match: characters of the quote times characters of the text. */
const mostWork = 40_000_000

const folds: Readonly<Record<string, string>> = {
  '“': '"',
  '”': '"',
  '„': '"',
  '‟': '"',
  '«': '"',
  '»': '"',
  '″': '"',
  '‘': "'",
  '’': "'",
  '‚': "'",
  '‛': "'",
  '′': "'",
  '´': "'",
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '–': '-',
  '—': '-',
  '―': '-',
  '−': '-',
  '…': '...',
  ß: 'ss',
  ẞ: 'ss',
}
const silent = /[*_`\u00ad\u200b-\u200d\u2060\ufeff]/u

interface Normal {
  readonly text: string
  /** For each UTF-16 unit of `text`, the offset where its character begins in the original, and where it ends. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** What becomes of ASCII, but for white space; '' where a sign is silent. */
const plainly = Array.from({ length: 128 }, (_, code): string | undefined => {
  const character = String.fromCharCode(code)
  if (/\s/u.test(character)) return undefined
  return silent.test(character) ? '' : (folds[character] ?? character.toLowerCase())
})

/** A text for comparing: white space as single spaces, plain quotes and dashes, lower case, no emphasis marks. */
export function normalise(text: string): Normal {
  let out = ''
  const starts: number[] = []
  const ends: number[] = []
  const push = (piece: string, start: number, end: number) => {
    out += piece
    for (let unit = 0; unit < piece.length; unit++) {
      starts.push(start)
      ends.push(end)
    }
  }
  let at = 0
  for (const character of text) {
    const start = at
    at += character.length
    const plain = plainly[character.charCodeAt(0)]
    if (plain !== undefined) {
      if (plain !== '') push(plain, start, at)
      continue
    }
    if (silent.test(character)) continue
    if (/\s/u.test(character)) {
      if (out !== '' && !out.endsWith(' ')) push(' ', start, at)
      else if (out.endsWith(' ')) ends[ends.length - 1] = at
      continue
    }
    push(folds[character] ?? character.normalize('NFKC').toLowerCase(), start, at)
  }
  return { text: out, starts, ends }
}

/**
 * Where a quote stands in a text: as written, else normalised, else within a tenth of its characters, and then only
 * with the same numbers and negations. Undefined when it does not stand there.
 */
export const verifyQuote = (quote: string, text: string): Match | undefined => {
  const finder = quoteFinder(text)
  return finder.exact(quote) ?? finder.altered(quote)
}

/** The two halves of `verifyQuote`, for many quotes of one text. */
export interface QuoteFinder {
  /** As written, the first at or after an offset. */
  exact(quote: string, from?: number): Match | undefined
  /** Normalised, else fuzzy. */
  altered(quote: string): Match | undefined
}

export function quoteFinder(text: string): QuoteFinder {
  let known: Normal | undefined
  return {
    exact(quote, from = 0) {
      const trimmed = quote.trim()
      const at = trimmed === '' ? -1 : boundary(text, trimmed, from)
      return at === -1 ? undefined : { start: at, end: at + trimmed.length, how: 'exact', distance: 0 }
    },
    altered(quote) {
      const given = normalise(quote.trim()).text.trim()
      const inner = given.replace(/^["'.\s]+|["'\s]+$/g, '')
      if (inner === '' || !/[\p{L}\p{N}]/u.test(inner)) return undefined
      known ??= normalise(text)
      const whole = known
      const place = (from: number, to: number) => ({ start: whole.starts[from]!, end: whole.ends[to - 1]! })
      for (const candidate of [given, inner, inner.replace(/[.,;:!?]+$/, '')]) {
        const at = candidate === '' ? -1 : boundary(whole.text, candidate)
        if (at !== -1) return { ...place(at, at + candidate.length), how: 'normalised', distance: 0 }
      }
      const near = nearest(inner, whole.text)
      if (!near) return undefined
      const found = whole.text.slice(near.start, near.end)
      if (facts(found) !== facts(inner)) return undefined
      return { ...place(near.start, near.end), how: 'fuzzy', distance: near.distance }
    },
  }
}

/** First occurrence that does not begin or end inside a word. */
function boundary(text: string, part: string, from = 0): number {
  const word = (character: string | undefined) => character !== undefined && /[a-z0-9]/i.test(character)
  for (let at = text.indexOf(part, from); at !== -1; at = text.indexOf(part, at + 1)) {
    const cutsFront = word(part[0]) && word(text[at - 1])
    const cutsBack = word(part.at(-1)) && word(text[at + part.length])
    if (!cutsFront && !cutsBack) return at
  }
  return -1
}

/** What must not differ: numbers and negations, in order. */
const facts = (text: string): string =>
  (
    text.match(
      /\d+([.,]\d+)*|\b(not|no|never|none|neither|nor|without|cannot|unless|except|only|un(?=\w{4}))|n't\b/g,
    ) ?? []
  ).join(' ')

/**
 * The part of `text` that is fewest edits from `part` (Sellers 1980), where that is few enough; the first of equal ones. Of as many pieces of
 * `part` as edits are allowed and one more, one stands in whatever is near enough: only around these is looked (Wu and Manber 1992).
 */
function nearest(part: string, text: string): { start: number; end: number; distance: number } | undefined {
  const rows = part.length
  if (rows < shortestFuzzy || rows * text.length > mostWork) return undefined
  const allowed = Math.floor(rows * mostDifferent)
  let best: { start: number; end: number; distance: number } | undefined
  for (const [from, to] of windowsAround(part, text, allowed)) {
    const found = nearestWithin(part, text.slice(from, to), best ? best.distance - 1 : allowed)
    if (found) best = { start: found.start + from, end: found.end + from, distance: found.distance }
  }
  return best
}

/** Ranges of a text, in order and apart, that hold all that is within so many edits of a part. */
function windowsAround(part: string, text: string, allowed: number): [number, number][] {
  const rows = part.length
  const ranges: [number, number][] = []
  for (let piece = 0; piece <= allowed; piece++) {
    const offset = Math.floor((piece * rows) / (allowed + 1))
    const words = part.slice(offset, Math.floor(((piece + 1) * rows) / (allowed + 1)))
    for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1))
      ranges.push([Math.max(0, at - offset - allowed), Math.min(text.length, at - offset + rows + allowed)])
  }
  ranges.sort(([one], [other]) => one - other)
  const merged: [number, number][] = []
  for (const [from, to] of ranges) {
    const last = merged.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

function nearestWithin(
  part: string,
  text: string,
  allowed: number,
): { start: number; end: number; distance: number } | undefined {
  const [rows, columns] = [part.length, text.length]
  let cost = Int32Array.from({ length: rows + 1 }, (_, row) => row)
  let from = new Int32Array(rows + 1)
  let nextCost = new Int32Array(rows + 1)
  let nextFrom = new Int32Array(rows + 1)
  let best = { start: 0, end: 0, distance: allowed + 1 }
  for (let column = 1; column <= columns; column++) {
    nextCost[0] = 0
    nextFrom[0] = column
    const code = text.charCodeAt(column - 1)
    for (let row = 1; row <= rows; row++) {
      const replaced = cost[row - 1]! + (part.charCodeAt(row - 1) === code ? 0 : 1)
      const inserted = cost[row]! + 1
      const deleted = nextCost[row - 1]! + 1
      const least = Math.min(replaced, inserted, deleted)
      nextCost[row] = least
      nextFrom[row] = least === replaced ? from[row - 1]! : least === inserted ? from[row]! : nextFrom[row - 1]!
    }
    if (nextCost[rows]! < best.distance) best = { start: nextFrom[rows]!, end: column, distance: nextCost[rows]! }
    ;[cost, nextCost] = [nextCost, cost]
    ;[from, nextFrom] = [nextFrom, from]
  }
  return best.distance <= allowed && best.end > best.start ? best : undefined
}

/** A quote with words left out ("a … b"), as the parts between; each must hold at least two words. */
export function partsOfQuote(quote: string): string[] {
  const parts = quote
    .split(/\s*(?:\[\s*(?:\.{3}|…)\s*\]|\(\s*(?:\.{3}|…)\s*\)|\.{3,}|…)\s*/)
    .map((part) => part.trim())
    .filter(Boolean)
  return parts.length > 1 && parts.every((part) => /\S\s+\S|[\u3040-\u30ff\u3400-\u9fff]{4}/u.test(part))
    ? parts
    : [quote.trim()]
}

/** Where all parts of a quote stand, in order; undefined when one is missing. */
export function verifyParts(quote: string, text: string): Match[] | undefined {
  const whole = verifyQuote(quote, text)
  if (whole && whole.how !== 'fuzzy') return [whole]
  const parts = partsOfQuote(quote)
  if (parts.length === 1) return whole ? [whole] : undefined
  const found: Match[] = []
  let from = 0
  for (const part of parts) {
    const match = verifyQuote(part, text.slice(from))
    if (!match) return whole ? [whole] : undefined
    found.push({ ...match, start: match.start + from, end: match.end + from })
    from += match.end
  }
  return found
}
