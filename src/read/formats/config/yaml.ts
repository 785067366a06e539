import type { Entry } from './entries.ts'

/** A line with something on it: its indentation, and where its content starts and ends. */
interface Line {
  readonly start: number
  readonly indent: number
  readonly end: number
}

const key =
  /^(?:"((?:[^"\\]|\\.)*)"[ \t]*|'((?:[^']|'')*)'[ \t]*|([^\s#"'[\]{},&*!|>%@`-][^\n]*?|-(?=\S)[^\n]*?)):(?=[ \t]|$)/
/** What may stand between a key and a block on the lines below: anchors, tags, a comment. */
const opensBlock = /^(?:[ \t]+[&!]\S*)*[ \t]*(?:#.*)?$/

function keyOf(words: string): { name: string; length: number } | undefined {
  const match = key.exec(words)
  const name = match?.[1] ?? match?.[2] ?? match?.[3]?.trimEnd()
  return match && name !== undefined && !(match[3] && /\s#/.test(name)) ? { name, length: match[0].length } : undefined
}

/** The documents of a stream, each with its top-level keys, and all that lies within, by indentation. One document is not told apart from its keys. */
export function yamlEntries(text: string): Entry[] {
  const documents: Entry[] = []
  let lines: Line[] = []
  let began = 0
  let ended = 0
  const finish = (end: number): void => {
    if (lines.length > 0)
      documents.push({
        name: `document ${documents.length + 1}`,
        start: began,
        end,
        children: blockEntries(text, lines),
      })
    lines = []
  }
  let directives = false
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const next = newline === -1 ? text.length : newline + 1
    let end = newline === -1 ? text.length : newline
    while (end > at && text.charCodeAt(end - 1) <= 32) end--
    let start = at
    while (start < end && text.charCodeAt(start) === 32) start++
    const head = start === at ? text.slice(at, Math.min(end, at + 4)) : ''
    if (/^(?:---|\.\.\.)(?:[ \t]|$)/.test(head)) {
      finish(ended)
      began = at
      directives = false
      let rest = at + 3
      while (rest < end && text.charCodeAt(rest) <= 32) rest++
      if (head.startsWith('---') && rest < end && text[rest] !== '#') lines.push({ start: rest, indent: 0, end })
    } else if (start < end) {
      if (lines.length === 0 && head.startsWith('%')) directives = true
      else if (!directives) {
        if (lines.length === 0 && documents.length === 0 && began === 0) began = at
        lines.push({ start, indent: start - at, end })
      }
    }
    if (end > at) ended = end
    at = next
  }
  finish(ended)
  return documents.length === 1 ? documents[0]!.children : documents
}

/** The entries of the block that some lines hold. Comments in front of an entry belong to it. */
function blockEntries(text: string, lines: readonly Line[]): Entry[] {
  const root: Entry[] = []
  const pending = [{ from: 0, to: lines.length, into: root, lead: 0 }]
  for (let block = pending.pop(); block; block = pending.pop()) {
    const { from, to, into } = block
    const comment = (index: number): boolean => text[lines[index]!.start] === '#'
    let first = from
    while (first < to && comment(first)) first++
    if (first === to) continue
    const { indent } = lines[first]!
    const found: { line: number; lead: number; name: string; item: boolean; rest: number }[] = []
    for (let index = first; index < to; index++) {
      const line = lines[index]!
      if (line.indent !== indent || comment(index)) continue
      const words = text.slice(line.start, Math.min(line.end, line.start + 1024))
      const item = /^-(?:[ \t]|$)/.test(words)
      const match = item ? null : keyOf(words)
      // A list may stand at the indentation of the key that holds it.
      if (item && found.length > 0 && !found[0]!.item) continue
      if (!item && !match) {
        if (found.length === 0) break
        continue
      }
      let lead = index
      while (
        lead > from &&
        comment(lead - 1) &&
        lines[lead - 1]!.indent === indent &&
        lead - 1 > (found.at(-1)?.line ?? -1)
      )
        lead--
      const name = item ? `[${found.length}]` : match!.name
      found.push({ line: index, lead, name, item, rest: line.start + (match?.length ?? 1) })
    }
    for (const [index, { line, lead, name, item, rest }] of found.entries()) {
      const last = found[index + 1]?.lead ?? to
      const entry: Entry = {
        name,
        start: lines[lead]!.start,
        end: lines[last - 1]!.end,
        children: [],
        ...(item ? { item } : {}),
      }
      into.push(entry)
      const own = lines[line]!
      if (last > line + 1 && opensBlock.test(text.slice(rest, own.end)))
        pending.push({ from: line + 1, to: last, into: entry.children, lead: 0 })
    }
  }
  return root
}
