import type { Entry } from './entries.ts'

/** Where and why a text is no TOML. */
export class TomlError extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

const bareKey = /[A-Za-z0-9_-]+/y
const basic = /"(?:[^"\\\n]|\\[^\n])*"/y
const literal = /'[^'\n]*'/y
const plain = /[^\s,[\]{}#"'=]+(?: \d\d:\d\d[^\s,\]}#]*)?/y
const blank = /(?:[ \t]+|#[^\n]*)*/y
const blankLines = /(?:\s+|#[^\n]*)*/y

/** Tables and keys of a TOML document with their places. Throws `TomlError`. */
export function tomlEntries(text: string, deepest: number): Entry[] {
  const root: Entry[] = []
  let table: Entry | undefined
  let at = 0
  const fail = (what: string): never => {
    throw new TomlError(what, at)
  }
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  const keyPart = (): string => {
    const quoted = text[at] === '"' ? take(basic) : text[at] === "'" ? take(literal) : undefined
    return quoted?.slice(1, -1) ?? take(bareKey) ?? fail('a key is missing')
  }
  const dottedKey = (): string => {
    let name = keyPart()
    for (take(blank); text[at] === '.'; take(blank)) {
      at++
      take(blank)
      name += `.${keyPart()}`
    }
    return name
  }
  /** A string of many lines: to its three quotes that no backslash escapes, of which two more may belong to the string. */
  const block = (quotes: string): void => {
    const start = at + 3
    let next = text.indexOf(quotes, start)
    for (; next !== -1; next = text.indexOf(quotes, next + 1)) {
      let slashes = next
      while (quotes === '"""' && slashes > start && text[slashes - 1] === '\\') slashes--
      if ((next - slashes) % 2 === 0) break
    }
    if (next === -1) fail('a string is not closed')
    at = next + 3
    for (let more = 0; more < 2 && text[at] === quotes[0]; more++) at++
  }
  const scalar = (): boolean => {
    const quotes = text.slice(at, at + 3)
    if (quotes !== '"""' && quotes !== "'''")
      return take(text[at] === '"' ? basic : text[at] === "'" ? literal : plain) !== undefined
    block(quotes)
    return true
  }
  /** Reads a value, without recursion: `open` holds the brackets that are open. */
  const value = (): void => {
    const open: string[] = []
    let wanted = true
    for (;;) {
      if (open.length > deepest) fail('its values are nested too deeply')
      const inside = open.at(-1)
      if (inside) take(blankLines)
      const mark = text[at]
      if (mark === inside && mark !== undefined) {
        at++
        open.pop()
        wanted = false
      } else if (!wanted) {
        if (mark !== ',') fail('a comma or a closing bracket is missing')
        at++
        take(blankLines)
        if (text[at] !== inside) wanted = true
        else continue
        if (inside === '}') field()
        continue
      } else if (mark === '[') {
        at++
        open.push(']')
        continue
      } else if (mark === '{') {
        at++
        open.push('}')
        take(blankLines)
        if (text[at] !== '}') field()
        continue
      } else if (scalar()) wanted = false
      else fail('a value is missing')
      if (open.length === 0) return
    }
  }
  const field = (): void => {
    dottedKey()
    take(blank)
    if (text[at] !== '=') fail('"=" is missing')
    at++
    take(blank)
  }
  const header = (start: number): void => {
    const many = text.startsWith('[[', at)
    at += many ? 2 : 1
    take(blank)
    const name = dottedKey()
    take(blank)
    if (!text.startsWith(many ? ']]' : ']', at)) fail('"]" is missing')
    at += many ? 2 : 1
    table = { name, start, end: at, children: [] }
    root.push(table)
  }

  while (at < text.length) {
    const from = at
    take(blankLines)
    if (at >= text.length) break
    const start = leadOf(text, from, at)
    if (text[at] === '[') header(start)
    else {
      const name = dottedKey()
      take(blank)
      if (text[at] !== '=') fail('"=" is missing')
      at++
      take(blank)
      value()
      const entry = { name, start, end: at, children: [] }
      if (table) {
        table.children.push(entry)
        table.end = at
      } else root.push(entry)
    }
    const end = at
    take(blank)
    if (at < text.length && text[at] !== '\n' && !text.startsWith('\r\n', at)) fail('a line break is missing')
    const holder = table?.children.at(-1) ?? root.at(-1)!
    const shown = text.slice(end, at).trimEnd()
    if (shown !== '') {
      holder.end = end + shown.length
      if (table) table.end = holder.end
      if (table && table.children.length === 0) table.end = end + shown.length
    }
  }
  return root
}

/** Where the comments directly in front of an entry start, none of them before `from`. */
function leadOf(text: string, from: number, entry: number): number {
  let start = entry
  let line = text.lastIndexOf('\n', entry - 1) + 1
  while (line > from) {
    line = text.lastIndexOf('\n', line - 2) + 1
    const [indent] = /^[ \t]*(?=#)/.exec(text.slice(line, start)) ?? []
    if (line < from || indent === undefined) return start
    start = line + indent.length
  }
  return start
}
