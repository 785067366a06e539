import { messageOf } from '../../core/index.ts'
import { charactersOf, type FileRequest, place, readRows } from './files.ts'

/**
 * Items of one list of JSON, one at a time, so that a file larger than the longest string (half a gigabyte) can be read;
 * any other form is left to `readRows`. An item that is no JSON is told to `warn` and passed over.
 */
export async function* readItems<Item>(request: FileRequest, ...paths: readonly string[]): AsyncGenerator<Item> {
  const { warn, abortSignal } = request
  const file = await place(request, ...paths)
  if (!/\.json(\.gz)?$/i.test(file) || !(await isList(file))) {
    yield* readRows<Item>(request, ...paths)
    return
  }
  let number = 0
  for await (const text of itemsOf(file)) {
    abortSignal?.throwIfAborted()
    number++
    let item: Item
    try {
      item = JSON.parse(text) as Item
    } catch (error) {
      warn?.({ path: file, line: number, message: `item ${number} is no JSON: ${messageOf(error)}; it is left out` })
      continue
    }
    yield item
  }
}

async function isList(file: string): Promise<boolean> {
  for await (const piece of charactersOf(file)) {
    const [first] = piece.trimStart()
    if (first !== undefined) return first === '['
  }
  return false
}

/** What matters within a string, and outside of one. */
const [inner, outer] = [/["\\]/g, /["[\]{},]/g]

/** The text of each item of a list: what stands between commas that are in no string, list or map of an item. */
async function* itemsOf(file: string): AsyncGenerator<string> {
  let item = ''
  let depth = 0
  let inString = false
  let escaped = false
  for await (const piece of charactersOf(file)) {
    let from = 0
    let at = 0
    if (escaped && piece !== '') {
      escaped = false
      at = 1
    }
    while (at < piece.length) {
      const signs = inString ? inner : outer
      signs.lastIndex = at
      const found = signs.exec(piece)
      if (!found) break
      const [sign] = found
      at = found.index + 1
      if (sign === '\\') {
        escaped = at === piece.length
        at++
      } else if (sign === '"') inString = !inString
      else if (sign === '[' || sign === '{') {
        if (depth++ === 0) from = at
      } else {
        if (sign !== ',') depth--
        if (sign === ',' ? depth !== 1 : depth !== 0) continue
        const text = item + piece.slice(from, at - 1)
        item = ''
        from = at
        if (text.trim() !== '') yield text
        if (depth === 0) return
      }
    }
    if (depth > 0) item += piece.slice(from)
  }
  if (item.trim() !== '') yield item
}
