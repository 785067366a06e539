import type { Metric, MetricMeta } from '../contract.ts'
import { bare, harmonic } from '../words.ts'

export const meta = {
  name: 'list-f1',
  summary:
    'Items of a list, parted by lines, commas or semicolons, that are answers: the harmonic mean of precision and recall.',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

const marks = /^\s*(?:[-*•·]|\(?\d{1,3}[.):](?=\s))\s*/
/** "The ferries are: " before the first item. */
const announcement = /^\s*[^,;:\n]{1,60}:(?=\s)/
const folded = (item: string): string => bare(item.replace(marks, ''))

/**
 * Different items of a list. Forms that hold a separator themselves are found first; an `and` parts an item only where one of
 * its halves is a form.
 */
function itemsOf(text: string, forms: ReadonlySet<string>, divided: readonly string[]): string[] {
  let left = text.replace(announcement, '')
  const items = new Set<string>()
  for (const form of divided) {
    const at = left.toLowerCase().indexOf(form.toLowerCase())
    if (at === -1) continue
    items.add(folded(form))
    left = `${left.slice(0, at)}\n${left.slice(at + form.length)}`
  }
  for (const piece of left.split(/[\n,;、，；]/)) {
    const item = folded(piece).replace(/^and |^and$| and$/g, '')
    const halves = item.split(' and ')
    const parts = !forms.has(item) && halves.some((half) => forms.has(half)) ? halves : [item]
    for (const part of parts) if (part !== '') items.add(part)
  }
  return [...items]
}

/** A single answer may be a list itself: its items then are the answers. Items count once, in whatever order. */
const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.length) return undefined
  const lists =
    answers.length === 1 ? answers[0]!.map((form) => itemsOf(form, new Set(), []).map((item) => [item])) : []
  const whole = answers.map((forms) => forms.map(folded))
  const divided = answers.flat().filter((form) => /[\n,;、，；]/.test(form))
  const score = (wanted: readonly (readonly string[])[], own: readonly string[]): number => {
    const groups = wanted.filter((forms) => forms.some((form) => form !== ''))
    const items = itemsOf(said, new Set(groups.flat()), own)
    if (items.length === 0 || groups.length === 0) return items.length === groups.length ? 1 : 0
    const left = new Set(items)
    const found = groups.filter((forms) => forms.some((form) => left.delete(form))).length
    return harmonic(found / items.length, found / groups.length)
  }
  const longest = divided.toSorted((one, other) => other.length - one.length)
  return Math.max(score(whole, longest), ...lists.map((list) => score(list, [])))
}

export default metric
