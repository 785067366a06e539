import { indentOf, type Line, linesOf, mostCharacters, type Unit } from './unit.ts'

const types = new Set(['application/yaml', 'application/toml', 'text/x-ini', 'application/json'])

export const isConfig = (mediaType: string): boolean => types.has(mediaType)

/** Lines of an item of a list that are shown as one. */
const mostOfItem = 12
const comment = /^\s*(#|\/\/|;)/
const table = /^\s*\[{1,2}[^\]]*\]{1,2}\s*([#;].*)?$/
const item = /^\s*(-\s|-$)/
const record = /^\s+\{\s*$/
const entry = /^\s*(-\s+)?("[^"]*"|'[^']*'|[^\s#"'[\]{},:=][^:=]*?)\s*([:=](\s|$)|=)/
const closers = /^[\s\])},;]*$/

/** Each key with the comment above it is a unit, an item of a list with all of its keys; `about` names the keys around it. */
export function configUnits(text: string, at: number): Unit[] {
  const lines = linesOf(text)
  const units: Unit[] = []
  const around: { depth: number; text: string }[] = []
  let section = ''
  for (let line = 0; line < lines.length; ) {
    if (closers.test(lines[line]!.text)) {
      line++
      continue
    }
    const first = line
    while (line < lines.length && comment.test(lines[line]!.text)) line++
    const below = lines[line]
    // A comment that stands for itself: nothing below it, or nothing right below it.
    if (!below || closers.test(below.text)) {
      units.push(unit(lines[first]!, lines[line - 1]!, at))
      continue
    }
    const depth = indentOf(below.text)
    const general = first === 0 && at === 0 && line > first
    const start = general ? line : first
    if (general) units.push({ ...unit(lines[first]!, lines[line - 1]!, at), general })
    const key = line
    line = endOf(lines, key)
    while (around.length > 0 && around.at(-1)!.depth >= depth) around.pop()
    const isTable = table.test(below.text)
    if (isTable) section = below.text
    const about = [isTable ? '' : section, ...around.map((above) => above.text)].join('\n').trim()
    if (!isTable) around.push({ depth, text: below.text })
    units.push({
      ...unit(lines[start]!, lines[line - 1]!, at),
      // Keys below the name of a table stand deeper, whatever their indentation.
      depth: isTable ? -1 : depth,
      ...(about ? { about } : {}),
    })
  }
  return units.flatMap((whole) => (whole.end - whole.start > mostCharacters * 2 ? cut(whole, text, at) : [whole]))
}

const unit = (first: Line, last: Line, at: number): Unit => ({
  kind: 'block',
  start: at + first.start,
  end: at + last.end,
})

/** Number of the line behind the entry that begins at `key`: lines that begin no entry go on with it. */
function endOf(lines: readonly Line[], key: number): number {
  const depth = indentOf(lines[key]!.text)
  if (item.test(lines[key]!.text) || record.test(lines[key]!.text)) {
    let line = key + 1
    while (line < lines.length && (indentOf(lines[line]!.text) > depth || lines[line]!.text.trim() === '')) line++
    if (line < lines.length && /^\s*[\])}]/.test(lines[line]!.text) && indentOf(lines[line]!.text) === depth) line++
    while (line > key + 1 && lines[line - 1]!.text.trim() === '') line--
    if (line - key <= mostOfItem) return line
  }
  let line = key + 1
  while (line < lines.length) {
    const { text } = lines[line]!
    if (closers.test(text) || comment.test(text) || entry.test(text) || table.test(text) || item.test(text)) break
    if (record.test(text)) break
    line++
  }
  return line
}

/** A unit of one endless line, as in minified JSON, parted between its values. */
function cut(whole: Unit, text: string, at: number): Unit[] {
  const parts: Unit[] = []
  const words = text.slice(whole.start - at, whole.end - at)
  let from = 0
  for (const { index } of words.matchAll(/,(?=\s*["{])/g))
    if (index + 1 - from > mostCharacters / 3) {
      parts.push({ ...whole, start: whole.start + from, end: whole.start + index + 1 })
      from = index + 1
    }
  parts.push({ ...whole, start: whole.start + from })
  return parts
}
