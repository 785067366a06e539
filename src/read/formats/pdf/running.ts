import { measureBody } from './blocks.ts'
import type { Line } from './lines.ts'

/** Lines looked at from each end of a page. */
const edgeLines = 3

/**
 * The pages without what runs through them: lines at the head or foot of the page that come back on other pages at the
 * same height, numbers apart, and page numbers. A document of one page keeps everything.
 */
export function withoutRunning(pages: readonly (readonly Line[])[], size = measureBody(pages).size): Line[][] {
  const filled = pages.filter((lines) => lines.length > 0).length
  if (filled < 2) return pages.map((lines) => [...lines])
  const counts = new Map<string, number>()
  const edges = pages.map(pageEdges)
  for (const lines of edges)
    for (const key of new Set([...lines].flatMap((line) => [keyOf(line), countKey(line) ?? keyOf(line)])))
      counts.set(key, (counts.get(key) ?? 0) + 1)
  const least = Math.max(2, Math.min(3, Math.ceil(filled * 0.3)))
  const running = (line: Line): boolean => {
    const many = counts.get(keyOf(line))!
    const counted = countKey(line)
    return many >= (pageNumber.test(line.text) ? 2 : least) || (counted !== undefined && counts.get(counted)! >= 2)
  }
  const slots = findSlots(pages, size)
  return pages.map((lines, index) =>
    lines.filter((line) => !edges[index]!.has(line) || !(running(line) || slots.has(line))),
  )
}

/** Lines that stand apart from the text, at the one height where most pages have such a line, and are no larger than it. */
function findSlots(pages: readonly (readonly Line[])[], size: number): Set<Line> {
  const found = new Map<string, Line[]>()
  let filled = 0
  for (const lines of pages) {
    if (lines.length < 3) continue
    filled++
    const byHeight = [...lines].sort((one, two) => two.y - one.y)
    for (const [end, line, next] of [
      ['head', byHeight[0]!, byHeight.find(({ y }) => y < byHeight[0]!.y - 2)],
      ['foot', byHeight.at(-1)!, byHeight.findLast(({ y }) => y > byHeight.at(-1)!.y + 2)],
    ] as const) {
      if (!next || line.size > size * 1.02 || Math.abs(line.y - next.y) < size * 1.7) continue
      const key = `${end} ${Math.round(line.y / 3)}`
      const list = found.get(key) ?? []
      found.set(key, list)
      list.push(line)
    }
  }
  const slots = new Set<Line>()
  for (const lines of found.values())
    if (lines.length >= 3 && lines.length >= filled * 0.4) for (const line of lines) slots.add(line)
  return slots
}

const pageNumber =
  /^[\s\-–—|•·[(]*(?:(?:page|seite|p\.?)\s*)?(?:\d{1,5}|[ivxlcdm]{1,7})(?:\s*(?:of|\/|von|de)\s*\d{1,5})?[\s\-–—|•·\])]*$/i

/** The lines in the upper and the lower margin of a page. */
function pageEdges(lines: readonly Line[]): Set<Line> {
  const edges = new Set<Line>()
  const byHeight = [...lines].sort((one, two) => two.y - one.y)
  for (const line of byHeight.slice(0, edgeLines)) if (line.y > line.height * 0.82) edges.add(line)
  for (const line of byHeight.slice(-edgeLines)) if (line.y < line.height * 0.18) edges.add(line)
  return edges
}

/** What makes two lines the same running line: their height on the page and their words, numbers apart. */
function keyOf(line: Line): string {
  const text = pageNumber.test(line.text) ? '#' : line.text.toLowerCase().replace(/\d+/g, '#').replace(/\s+/g, ' ')
  return `${Math.round(line.y / 6)} ${text}`
}

/** What lines share whose number goes up with the page, such as `CHAPTER 2. THE TOWN   4`. */
function countKey(line: Line): string | undefined {
  const number = /\t(\d{1,4})$/.exec(line.text)?.[1] ?? /^(\d{1,4})\t/.exec(line.text)?.[1]
  return number === undefined ? undefined : `count ${Math.round(line.y / 6)} ${Number(number) - line.page}`
}
