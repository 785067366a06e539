/** Half-open range of UTF-16 offsets. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** Outer ranges first. */
export const byPlace = (one: Range, two: Range): number => one.start - two.start || two.end - one.end

/** Index of the first range that starts at or after a place, in ranges sorted by start. */
export function firstFrom(ranges: readonly Range[], place: number): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ranges[middle]!.start < place) low = middle + 1
    else high = middle
  }
  return low
}

/** The end without white space: some grammars let the newline belong to a node. */
export function trimmedEnd(text: string, start: number, end: number): number {
  while (end > start && text.charCodeAt(end - 1) <= 32) end--
  return end
}

/** The start without white space: a block may begin with the break before its first line. */
export function trimmedStart(text: string, start: number, end: number): number {
  while (start < end && text.charCodeAt(start) <= 32) start++
  return start
}

/** Moves a start up over the comments and attributes that stand directly in front of it on lines of their own. */
export function leadIn(text: string, leads: readonly Range[]): (start: number) => number {
  return (start) => {
    let at = start
    for (let index = firstFrom(leads, start) - 1; index >= 0; index--) {
      const lead = leads[index]!
      const end = trimmedEnd(text, lead.start, lead.end)
      const between = end <= at && at - end < 400 ? text.slice(end, at) : 'x'
      if (/\S/.test(between) || between.indexOf('\n') !== between.lastIndexOf('\n')) break
      const before = text.slice(Math.max(0, lead.start - 400), lead.start)
      if (/\S/.test(before.slice(before.lastIndexOf('\n') + 1))) break
      at = lead.start
    }
    return at
  }
}
