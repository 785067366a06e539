import type { OutlineNode } from '../../core/index.ts'
import { mostCharacters, mostLines, pieces, type Unit } from './unit.ts'

/** A function or definition that fits into an answer is one unit; of a longer one and of a class, each of their parts. */
export function codeUnits(text: string, at: number, outline: readonly OutlineNode[], nodes: readonly number[]): Unit[] {
  const units: Unit[] = []
  const end = at + text.length
  let from = at
  let seen = false
  const add = (start: number, stop: number, about?: string) => {
    const begin = lineStart(start)
    for (const [first, last] of pieces(text.slice(begin - at, stop - at)))
      units.push({
        kind: 'block',
        start: begin + first,
        end: begin + last,
        ...(about ? { about } : {}),
        ...(about === undefined && !seen && at + first === 0 ? { general: true } : {}),
      })
  }
  /** Where the line of `start` begins, if only white space stands before it. */
  const lineStart = (start: number): number => {
    let begin = start
    while (begin > from && /[^\S\n]/.test(text[begin - 1 - at]!)) begin--
    return begin === from || text[begin - 1 - at] === '\n' ? begin : start
  }
  const ends: { end: number; about: string | undefined }[] = []
  const close = (upTo: number) => {
    while (ends.length > 0 && ends.at(-1)!.end <= upTo) {
      const last = ends.pop()!
      if (last.end > from) {
        add(from, last.end, last.about)
        from = last.end
      }
    }
  }
  for (const index of nodes) {
    const node = outline[index]!
    const [start, stop] = [Math.max(node.start, at), Math.min(node.end, end)]
    if (stop <= from) continue
    close(start)
    const begin = Math.max(from, start)
    const divided = hasParts(outline, index) && (node.kind === 'class' || isLong(text.slice(begin - at, stop - at)))
    const above = ends.at(-1)?.about
    const name = node.title ?? above
    const lead = lineStart(begin)
    if (lead > from) add(from, lead, above)
    from = Math.max(from, lead)
    seen = true
    if (divided) ends.push({ end: stop, about: name })
    else {
      add(from, stop, name)
      from = stop
    }
  }
  close(end)
  if (end > from) add(from, end)
  return units
}

const isLong = (text: string): boolean => text.length > mostCharacters || text.split('\n').length > mostLines

const hasParts = (outline: readonly OutlineNode[], index: number): boolean => outline[index + 1]?.parent === index
