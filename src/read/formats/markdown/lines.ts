const tab = 9
const space = 32
const blanks = (code: number): boolean => code === space || code === tab

/** Columns of white space from `start`, tabs to multiples of four, and where they end. */
export function indentation(text: string, start: number, end: number): { indent: number; at: number } {
  let indent = 0
  let at = start
  for (; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === space) indent++
    else if (code === tab) indent += 4 - (indent % 4)
    else break
  }
  return { indent, at }
}

/** Level of the ATX heading that begins at `at`, else 0. */
export function atxLevel(text: string, at: number, end: number): number {
  let level = 0
  while (at + level < end && text.charCodeAt(at + level) === 35) level++
  return level >= 1 && level <= 6 && (at + level === end || blanks(text.charCodeAt(at + level))) ? level : 0
}

/** 1 for `===`, 2 for `---`, else 0. */
export function setextLevel(text: string, at: number, end: number): number {
  const sign = text.charCodeAt(at)
  if (sign !== 61 && sign !== 45) return 0
  let next = at
  while (next < end && text.charCodeAt(next) === sign) next++
  while (next < end && blanks(text.charCodeAt(next))) next++
  return next === end ? (sign === 61 ? 1 : 2) : 0
}

/** True for three or more of one of `-`, `*` and `_` with nothing else but blanks. */
export function isBreak(text: string, at: number, end: number): boolean {
  const sign = text.charCodeAt(at)
  if (sign !== 45 && sign !== 42 && sign !== 95) return false
  let count = 0
  for (let next = at; next < end; next++) {
    const code = text.charCodeAt(next)
    if (code === sign) count++
    else if (!blanks(code)) return false
  }
  return count >= 3
}

export interface Fence {
  readonly sign: number
  readonly length: number
}

/** The code fence that opens at `at`. */
export function fenceAt(text: string, at: number, end: number): Fence | undefined {
  const sign = text.charCodeAt(at)
  if (sign !== 96 && sign !== 126) return undefined
  let next = at
  while (next < end && text.charCodeAt(next) === sign) next++
  if (next - at < 3) return undefined
  if (sign === 96) for (let info = next; info < end; info++) if (text.charCodeAt(info) === 96) return undefined
  return { sign, length: next - at }
}

export function closesFence(text: string, at: number, end: number, fence: Fence): boolean {
  let next = at
  while (next < end && text.charCodeAt(next) === fence.sign) next++
  if (next - at < fence.length) return false
  while (next < end && blanks(text.charCodeAt(next))) next++
  return next === end
}

export interface Marker {
  /** Column where the item's text begins. */
  readonly content: number
  /** Offset where the item's text begins. */
  readonly at: number
  readonly empty: boolean
  /** Number of an ordered item. */
  readonly number?: number
}

/** The list item that begins at `at`, which stands in column `indent`. */
export function markerAt(text: string, at: number, end: number, indent: number): Marker | undefined {
  const code = text.charCodeAt(at)
  let after = at + 1
  let number: number | undefined
  if (code >= 48 && code <= 57) {
    while (after < end && text.charCodeAt(after) >= 48 && text.charCodeAt(after) <= 57) after++
    if (after - at > 9 || (text[after] !== '.' && text[after] !== ')')) return undefined
    number = Number(text.slice(at, after))
    after++
  } else if (code !== 45 && code !== 42 && code !== 43) return undefined
  if (after < end && !blanks(text.charCodeAt(after))) return undefined
  const width = indent + after - at
  let column = width
  let next = after
  for (; next < end && blanks(text.charCodeAt(next)); next++)
    column += text.charCodeAt(next) === tab ? 4 - (column % 4) : 1
  const empty = next >= end
  const content = empty || column - width > 4 ? width + 1 : column
  return { content, at: next, empty, ...(number === undefined ? {} : { number }) }
}

const blockTags =
  /^<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|meta|nav|noframes|ol|optgroup|option|p|param|search|section|source|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:\s|\/?>|$)/i
const anyTag =
  /^(?:<[a-z][\w-]*(?:\s+[a-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*\s*\/?>|<\/[a-z][\w-]*\s*>)\s*$/i

/** What ends the HTML block that begins with this line: a pattern, or null for the next blank line. */
export function htmlEnd(line: string, inParagraph: boolean): RegExp | null | undefined {
  if (/^<(?:script|pre|style|textarea)(?:\s|>|$)/i.test(line)) return /<\/(?:script|pre|style|textarea)>/i
  if (line.startsWith('<!--')) return /-->/
  if (line.startsWith('<?')) return /\?>/
  if (line.startsWith('<![CDATA[')) return /\]\]>/
  if (/^<![a-z]/i.test(line)) return />/
  if (blockTags.test(line)) return null
  if (!inParagraph && anyTag.test(line)) return null
  return undefined
}

const delimiterRow = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/

/** Number of cells of a table row. */
export function countCells(line: string): number {
  const trimmed = line.trim()
  let cells = 1
  for (let at = 0; at < trimmed.length; at++) {
    if (trimmed[at] === '\\') at++
    else if (trimmed[at] === '|' && at > 0 && at < trimmed.length - 1) cells++
  }
  return cells
}

export const isDelimiterRow = (line: string): boolean =>
  line.includes('-') && line.includes('|') && delimiterRow.test(line)

/** A heading's words without its marks. */
export function headingTitle(line: string): string {
  return line
    .replace(/^[ \t]*#{1,6}(?=[ \t]|$)/, '')
    .replace(/[ \t]+#+[ \t]*$/, '')
    .replace(/\s*\{#[^}\s]*\}\s*$/, '')
    .replace(/!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?/g, '$1')
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/`+([^`]*)`+/g, '$1')
    .replace(/(\*\*|__|~~)(?=\S)(.*?\S)\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}])([*_])(?=\S)(.*?\S)\1(?![\p{L}\p{N}])/gu, '$2')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
}
