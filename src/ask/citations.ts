/** A citation as a model wrote it, at a place in the text without citations. */
export interface Written {
  /** Number of a passage as the model gave it, from 1; NaN when it is none. */
  readonly number: number
  /** The words quoted, or undefined when only a number was given. */
  readonly quote?: string
  /** UTF-16 offset in the clean text where the citation stood. */
  readonly at: number
}

/** A bracket longer than this is no citation. */
const longest = 3000
const opening =
  /^[[【(（]\s*(?:passages?|sources?|docs?|documents?|refs?|citations?|cite|quote|no\.?|#|\^)?\s*#?\d{1,6}\s*(?:[\]】)）:：,，;；\-–—|"“„«'‘]|$)/i
/** What may still become an opening, the keyword itself being cut off too. */
const prefix = /^[[【(（]\s*(?:[a-z]{0,9}\.?|#|\^)?\s*#?\d{0,6}\s*$/i
const pairs: Readonly<Record<string, string>> = { '"': '"”', '“': '”"', '„': '“”"', '«': '»', "'": "'’", '‘': "’'" }
const closing: Readonly<Record<string, string>> = { '[': ']', '【': '】', '(': ')', '（': '）' }

/**
 * Takes citations such as `[3: "exact words"]`, `[3]`, `[1: "a"; 2: "b"]` or `【3】` out of text that comes in pieces.
 * What `push` and `end` give is the clean text in order; `written` has the citations met. Round brackets count only
 * with a quote; what opens like a citation and never closes is handed back as text, unless it holds a quote.
 */
export class CitationStream {
  readonly written: Written[] = []
  #held = ''
  #clean = 0
  #lastBreak = true
  #space = ''
  #inCode = false
  /** True right behind a citation. */
  #behind = false

  push(piece: string): string {
    this.#held += piece
    return this.#drain(false)
  }

  end(): string {
    const rest = this.#drain(true)
    this.#space = ''
    return rest
  }

  #drain(last: boolean): string {
    let out = ''
    const give = (text: string) => {
      // White space is held back: it goes when a citation follows at the end of a sentence.
      const all = this.#space + text
      const solid = all.trimEnd()
      this.#space = all.slice(solid.length)
      const told = this.#clean === 0 && out === '' && this.#lastBreak ? solid.trimStart() : solid
      if (told !== '') this.#lastBreak = false
      for (const character of told) if (character === '`') this.#inCode = !this.#inCode
      out += told
    }
    while (this.#held !== '') {
      if (this.#behind) {
        if (!last && this.#held.trim() === '') break
        this.#behind = false
        // "words [1]." becomes "words."
        if (/^\s*[.,;:!?。，]/.test(this.#held)) {
          this.#space = ''
          this.#held = this.#held.trimStart()
        } else if (/^\s/.test(this.#held)) this.#space = ''
      }
      const at = this.#held.search(/[[【(（]/)
      if (at === -1) {
        give(this.#held)
        this.#held = ''
        break
      }
      give(this.#held.slice(0, at))
      this.#held = this.#held.slice(at)
      if (!opening.test(this.#held)) {
        if (!last && prefix.test(this.#held) && this.#held.length < 40) break
        give(this.#held[0]!)
        this.#held = this.#held.slice(1)
        continue
      }
      const end = endOf(this.#held)
      if (end === -1 && !last && this.#held.length < longest && !/\n\s*\n/.test(this.#held)) break
      const found = end === -1 ? unclosed(this.#held) : { length: end, inner: this.#held.slice(1, end - 1) }
      const list = found ? read(found.inner) : []
      const bare = list.every(({ quote }) => quote === undefined)
      const isText = bare && (this.#inCode || /^[(（]/.test(this.#held) || list.some(({ number }) => number === 0))
      if (!found || list.length === 0 || isText) {
        give(this.#held[0]!)
        this.#held = this.#held.slice(1)
        continue
      }
      this.#held = this.#held.slice(found.length)
      for (const { number, quote } of list)
        this.written.push({ number, at: this.#clean + out.length, ...(quote === undefined ? {} : { quote }) })
      this.#behind = true
    }
    if (last) this.#held = ''
    this.#clean += out.length
    return out
  }
}

/** What stands behind a quote where the next citation begins: its number, then a quote, further numbers, or the end; `",145,` in a row is none. */
const goesOn =
  /^\s*[;；,，]\s*(?:passages?\s*)?#?\d{1,6}(?:\s*[-–]\s*\d{1,6})?\s*(?:[;；,，]\s*(?:passages?\s*)?#?\d{1,6}(?:\s*[-–]\s*\d{1,6})?\s*)*[:：|"“„«'‘\]】)）]/i

/** Length of the bracket at the start of `text` with what it holds, or -1 while it is not closed. */
function endOf(text: string): number {
  const close = closing[text[0]!]!
  let quote = ''
  const paragraph = text.search(/\n\s*\n/)
  const most = Math.min(text.length, longest, paragraph === -1 ? longest : paragraph)
  for (let at = 1; at < most; at++) {
    const character = text[at]!
    if (quote === '') {
      if (character === close) return at + 1
      if (pairs[character] && /[:：,;\s\d|–—-]/.test(text[at - 1]!)) quote = pairs[character]!
      continue
    }
    // A quotation mark inside a quote does not end it: one that is followed by the bracket's end or the next number does.
    if (
      quote.includes(character) &&
      (/^\s*[\]】)）]/.test(text.slice(at + 1, at + 24)) || goesOn.test(text.slice(at + 1, at + 80)))
    )
      quote = ''
  }
  return -1
}

/** A citation that the model never closed: its line counts, when it quotes. */
function unclosed(text: string): { length: number; inner: string } | undefined {
  const line = text.search(/\n|$/)
  const inner = text.slice(1, line)
  return /["“„«]/.test(inner) ? { length: line, inner } : undefined
}

function read(inner: string): { number: number; quote?: string }[] {
  const list: { number: number; quote?: string }[] = []
  const item =
    /\s*(?:passages?|sources?|docs?|documents?|refs?|citations?|cite|quote|no\.?|#|\^)?\s*#?(\d{1,6})(?:\s*[-–]\s*(\d{1,6})(?=\s*(?:$|[,;])))?\s*/iy
  let at = 0
  while (at < inner.length) {
    item.lastIndex = at
    const match = item.exec(inner)
    if (!match) break
    at = item.lastIndex
    const numbers = [Number(match[1])]
    if (match[2])
      for (let number = numbers[0]! + 1; number <= Math.min(Number(match[2]), numbers[0]! + 9); number++)
        numbers.push(number)
    const rest = /^[:：,，|–—-]?\s*/.exec(inner.slice(at))![0]
    const opener = inner[at + rest.length]
    if (opener !== undefined && pairs[opener] && numbers.length === 1) {
      const from = at + rest.length + 1
      let to = from
      while (
        to < inner.length &&
        !(
          pairs[opener].includes(inner[to]!) &&
          (inner.slice(to + 1).trim() === '' || goesOn.test(`${inner.slice(to + 1)}]`))
        )
      )
        to++
      list.push({ number: numbers[0]!, quote: inner.slice(from, to).trim() })
      at = to + 1
    } else if (/^[:：]/.test(rest) && inner.slice(at + rest.length).trim() !== '') {
      // No quotation marks: all that is left is taken as the quote.
      list.push({ number: numbers[0]!, quote: inner.slice(at + rest.length).trim() })
      at = inner.length
    } else for (const number of numbers) list.push({ number })
    const next = /^\s*(?:[;；,，&]|and)?\s*/.exec(inner.slice(at))![0]
    if (next === '' && at < inner.length) break
    at += next.length
  }
  return list
}
