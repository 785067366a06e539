/** White space as `String.prototype.trim` sees it. */
export function isSpace(code: number): boolean {
  if (code <= 32) return code === 32 || (code >= 9 && code <= 13)
  if (code < 160) return false
  return (
    code === 0xa0 ||
    code === 0x3000 ||
    code === 0xfeff ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f
  )
}

/** First offset from `at` on that is not white space, or `end`. */
export function skipSpace(text: string, at: number, end: number): number {
  let next = at
  while (next < end && isSpace(text.charCodeAt(next))) next++
  return next
}

/** End of the text from `start` to `end` without the white space that closes it. */
export function trimEnd(text: string, start: number, end: number): number {
  let last = end
  while (last > start && isSpace(text.charCodeAt(last - 1))) last--
  return last
}

export const isDigit = (code: number): boolean => code >= 48 && code <= 57

const asciiLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90)

/** True for Han, kana, Hangul and their signs. */
export const isEastAsian = (code: number): boolean =>
  (code >= 0x2e80 && code <= 0xd7af) || (code >= 0xf900 && code <= 0xfaff) || (code >= 0xff01 && code <= 0xff9f)

/** True for what words are made of: letters, their marks and digits, of any script but the East Asian. */
export function isWordUnit(code: number): boolean {
  if (code < 128) return asciiLetter(code) || isDigit(code)
  if (code < 0xc0 || code === 0xd7 || code === 0xf7) return code === 0xaa || code === 0xba
  if (code >= 0x2000) return false
  return !(code === 0x964 || code === 0x965 || code === 0x60c || code === 0x61b || code === 0x61f || code === 0x6d4)
}

const changed = (code: number, other: (text: string) => string): boolean => {
  const text = String.fromCharCode(code)
  return other(text) !== text
}

export function isLower(code: number): boolean {
  if (code < 128) return code >= 97 && code <= 122
  return code >= 0xdf && code < 0x590 && changed(code, (text) => text.toUpperCase())
}

export function isUpper(code: number): boolean {
  if (code < 128) return code >= 65 && code <= 90
  return code >= 0xc0 && code < 0x590 && changed(code, (text) => text.toLowerCase())
}
