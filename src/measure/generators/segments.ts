import type { Source, Span } from '../../core/index.ts'

/** Cuts a text at white space into spans of at most so many UTF-16 units, where no word is longer: all of it is needed. */
export function segmentsOf({ id, text }: Source, size: number): Span[] {
  const found: Span[] = []
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + size)
    if (end < text.length) {
      const space = text.lastIndexOf(' ', end)
      end = space > start ? space : text.indexOf(' ', end) === -1 ? text.length : text.indexOf(' ', end)
    }
    found.push({ source: id, start, end })
    start = end + 1
  }
  return found
}
