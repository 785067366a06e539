/** The number that a heading begins with. */
export interface HeadingNumber {
  /** `part`, `chapter` (chapters, articles, appendices by name), or the depth of the number from 1. */
  readonly kind: 'part' | 'chapter' | 'number'
  readonly depth: number
  /** `1`, `2.1` as numbers; letters and roman numerals too. */
  readonly path: readonly number[]
  readonly style: 'decimal' | 'roman' | 'letter'
  /** What follows the number. */
  readonly title: string
}

const romanDigits: Readonly<Record<string, number>> = { i: 1, v: 5, x: 10, l: 50, c: 100 }

function romanValue(text: string): number {
  let value = 0
  const digits = [...text.toLowerCase()].map((letter) => romanDigits[letter] ?? 0)
  digits.forEach((digit, index) => {
    value += digit < (digits[index + 1] ?? 0) ? -digit : digit
  })
  return value
}

const named =
  /^(part|book|chapter|appendix|annex|article|section|teil|kapitel|anhang|artikel|chapitre|partie|annexe|capítulo|parte|clause|schedule|lecture|lesson|unit)\s+(\d{1,3}(?:\.\d{1,3}){0,4}|[ivxlc]{1,7}|[a-z]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b[.:]?\s*(?:[-–—:]\s*)?(.*)$/i
const cjk = /^第\s*([一二三四五六七八九十百\d]{1,4})\s*([编編篇部章节節条條])\s*(.*)$/u
const decimal = /^(?:§\s*)?(\d{1,3}(?:\.\d{1,3}){0,5})(?:[.)]|\s[-–—:])?\s+(\S.*)$/
const letterPath = /^([A-Z](?:\.\d{1,3}){1,4})[.)]?\s+(\S.*)$/
const roman = /^([IVXLC]{1,6})[.)]\s+(\S.*)$/
const letter = /^([A-Z])[.)]\s+(\S.*)$/
const words = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']

const pathOf = (text: string): number[] =>
  text.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step.toLowerCase().charCodeAt(0) - 96))

/** The number of a heading such as `2.1 Method`, `Chapter 3`, `APPENDIX A`, `IV. Results` or `第1章`, if it has one. */
export function headingNumber(text: string): HeadingNumber | undefined {
  const name = named.exec(text)
  if (name) {
    const [, word = '', value = '', title = ''] = name
    const outer = /^(part|book|teil|partie|parte)$/i.test(word)
    const spelled = words.indexOf(value.toLowerCase())
    const isRoman = /^[ivxlc]+$/i.test(value) && !/^(appendix|annex|annexe|anhang)$/i.test(word)
    const path = spelled !== -1 ? [spelled + 1] : isRoman ? [romanValue(value)] : pathOf(value)
    if (/^(section|clause)$/i.test(word) || path.length > 1)
      return { kind: 'number', depth: Math.max(path.length, 1), path, style: 'decimal', title }
    return { kind: outer ? 'part' : 'chapter', depth: 1, path, style: isRoman ? 'roman' : 'decimal', title }
  }
  const east = cjk.exec(text)
  if (east) {
    const kind = /[编編篇部]/u.test(east[2]!) ? 'part' : east[2] === '章' ? 'chapter' : 'number'
    return { kind, depth: /[节節]/u.test(east[2]!) ? 2 : 1, path: [0], style: 'decimal', title: east[3]! }
  }
  const plain = decimal.exec(text) ?? letterPath.exec(text)
  if (plain) {
    const path = pathOf(plain[1]!.replace(/\.0$/, ''))
    if (path[0]! > 60) return undefined
    return { kind: 'number', depth: path.length, path, style: 'decimal', title: plain[2]! }
  }
  const high = roman.exec(text)
  if (high && (high[1]!.length > 1 || /^[IVX]$/.test(high[1]!)))
    return { kind: 'number', depth: 1, path: [romanValue(high[1]!)], style: 'roman', title: high[2]! }
  const single = letter.exec(text)
  if (single) return { kind: 'number', depth: 1, path: pathOf(single[1]!), style: 'letter', title: single[2]! }
  return undefined
}

/** Follows the numbers of headings and says whether the next one fits: the next of its kind, or the first below one. */
export class NumberSequence {
  readonly #seen = new Map<string, readonly number[]>()

  /** Whether a number follows from those taken so far. */
  fits({ kind, path, style }: HeadingNumber): boolean {
    const last = this.#seen.get(`${kind} ${style}`)
    if (!last) return path.every((step, index) => (index === 0 ? step <= 3 : step <= 1))
    const common = path.length <= last.length
    if (common) {
      const at = path.length - 1
      const same = path.slice(0, at).every((step, index) => step === last[index])
      const step = path[at]! - last[at]!
      if (same && step >= 1 && step <= 2) return true
      return path.length > 1 && path.slice(1).every((one) => one === 1) && path[0]! - last[0]! === 1
    }
    const below = path.slice(last.length).every((step) => step <= 1)
    return below && (last.every((step, index) => step === path[index]) || path[0]! - last[0]! === 1)
  }

  take({ kind, path, style }: HeadingNumber): void {
    this.#seen.set(`${kind} ${style}`, path)
  }
}
