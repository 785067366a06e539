import type { Entry } from './entries.ts'

/** Sections and keys of an INI file, line by line; comments directly in front belong to what follows. */
export function iniEntries(text: string): Entry[] {
  const root: Entry[] = []
  let section: Entry | undefined
  let lead = -1
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const next = newline === -1 ? text.length : newline + 1
    const line = text.slice(at, next).trimEnd()
    const end = at + line.length
    const indented = /^[ \t]/.test(line)
    const words = line.trim()
    if (words === '') lead = -1
    else if (/^[#;]/.test(words)) lead = lead === -1 ? at : lead
    else {
      const start = lead === -1 ? at + line.length - line.trimStart().length : lead
      lead = -1
      const name = /^\[([^\]]+)\]/.exec(words)?.[1]
      const mark = words.search(/[=:]/)
      const key = (mark > 0 ? words.slice(0, mark) : words).trim()
      const last = section ? section.children.at(-1) : root.at(-1)
      if (name !== undefined) {
        section = { name: name.trim(), start, end, children: [] }
        root.push(section)
      } else if (indented && last && !/[=:]/.test(words)) last.end = end
      else (section ? section.children : root).push({ name: key.slice(0, 100), start, end, children: [] })
      if (section) section.end = end
    }
    at = next
  }
  return root
}
