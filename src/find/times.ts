/** Half-open range of milliseconds since 1970 (UTC). */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

const day = 86_400_000
const months = 'january february march april may june july august september october november december'.split(' ')
const weekdays = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')
const numbers = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')
const month =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const dayNumber = '(\\d{1,2})(?:st|nd|rd|th)?'
const year = '((?:1[5-9]|20)\\d\\d)'

const midnight = (time: number): number => Math.floor(time / day) * day
const span = (from: number, days: number): TimeRange => ({ from, to: from + days * day })
const monthOf = (word: string): number => months.findIndex((name) => name.startsWith(word.toLowerCase().slice(0, 3)))
const monthRange = (years: number, number: number): TimeRange => ({
  from: Date.UTC(years, number),
  to: Date.UTC(years, number + 1),
})
const yearRange = (years: number): TimeRange => ({ from: Date.UTC(years, 0), to: Date.UTC(years + 1, 0) })

type Rule = readonly [
  pattern: RegExp,
  range: (groups: readonly string[], at: number | undefined) => TimeRange | undefined,
]

/** The year that a date without one speaks of: the last in which it does not lie more than a month ahead. */
function nearYear(number: number, at: number): number {
  const years = new Date(at).getUTCFullYear()
  return Date.UTC(years, number) > at + 31 * day ? years - 1 : years
}
const countOf = (word: string): number => {
  const known = numbers.indexOf(word.toLowerCase())
  if (known !== -1) return known
  return /^an?$/i.test(word) ? 1 : /^(?:a )?couple/i.test(word) ? 2 : /^(?:a )?few/i.test(word) ? 3 : Number(word)
}
const unitDays = (unit: string): number => ({ d: 1, w: 7, m: 30, y: 365 })[unit[0]!.toLowerCase()]!

/** What lies one week, month or year before (-1), at (0) or after (1) the time. */
function relative(unit: string, step: number, at: number): TimeRange | undefined {
  const date = new Date(at)
  const word = unit.toLowerCase()
  const weekday = weekdays.indexOf(word)
  const today = midnight(at)
  if (weekday !== -1) {
    const back = (date.getUTCDay() - weekday + 7) % 7
    return step > 0 ? span(today + (7 - back) * day, 1) : span(today - (back === 0 && step < 0 ? 7 : back) * day, 1)
  }
  const monday = today - ((date.getUTCDay() + 6) % 7) * day
  if (word === 'week') return span(monday + step * 7 * day, 7)
  if (word === 'weekend') return span(monday + (step * 7 + 5) * day, 2)
  if (word === 'month') return monthRange(date.getUTCFullYear(), date.getUTCMonth() + step)
  if (word === 'year') return yearRange(date.getUTCFullYear() + step)
  if (word === 'night' || word === 'evening') return span(today + step * day, 1)
  const number = monthOf(word)
  return number === -1 ? undefined : monthRange(nearYear(number, at) + Math.max(0, step), number)
}

const dated = (years: number, number: number, days: number): TimeRange | undefined => {
  const from = Date.UTC(years, number, days)
  return new Date(from).getUTCDate() === days && number >= 0 ? span(from, 1) : undefined
}
const rules: readonly Rule[] = [
  [new RegExp(`\\b${year}-(\\d\\d)-(\\d\\d)\\b`, 'giu'), ([y, m, d]) => dated(Number(y), Number(m) - 1, Number(d))],
  [
    new RegExp(`\\b${dayNumber}(?: of)? ${month}\\b(?:,? ${year})?`, 'giu'),
    ([d, m, y], at) => {
      const number = monthOf(m!)
      const years = y ? Number(y) : at === undefined ? undefined : nearYear(number, at)
      return years === undefined ? undefined : dated(years, number, Number(d))
    },
  ],
  [
    new RegExp(`\\b${month} ${dayNumber}\\b(?!\\d)(?:,? ${year})?`, 'giu'),
    ([m, d, y], at) => {
      const number = monthOf(m!)
      const years = y ? Number(y) : at === undefined ? undefined : nearYear(number, at)
      return years === undefined ? undefined : dated(years, number, Number(d))
    },
  ],
  [new RegExp(`\\b${month},? ${year}\\b`, 'giu'), ([m, y]) => monthRange(Number(y), monthOf(m!))],
  [
    /\b(today|tonight|this morning|this afternoon|this evening|yesterday|tomorrow)\b/giu,
    ([word], at) => {
      if (at === undefined) return undefined
      const step = /^yes/i.test(word!) ? -1 : /^tom/i.test(word!) ? 1 : 0
      return span(midnight(at) + step * day, 1)
    },
  ],
  [
    /\b(\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:a )?couple(?: of)?|(?:a )?few) (days?|weeks?|months?|years?) ago\b/giu,
    ([count, unit], at) => {
      if (at === undefined) return undefined
      const days = unitDays(unit!)
      const center = midnight(at) - countOf(count!) * days * day
      const slack = days === 1 ? 0 : Math.ceil(days / 2)
      return span(center - slack * day, 2 * slack + 1)
    },
  ],
  [
    /\b(last|past|previous|this|next|coming) (week|weekend|month|year|night|evening|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december)\b/giu,
    ([which, unit], at) =>
      at === undefined
        ? undefined
        : relative(unit!, /^(?:last|past|prev)/i.test(which!) ? -1 : /^(?:next|com)/i.test(which!) ? 1 : 0, at),
  ],
]

/**
 * The times that an English text speaks of, in its order; `at` is when it was said (milliseconds since 1970, UTC), and
 * without it words such as "yesterday" are passed over. A year alone is no time here.
 */
export function timesIn(text: string, at?: number): TimeRange[] {
  const found: { readonly index: number; readonly end: number; readonly range: TimeRange }[] = []
  for (const [pattern, rangeOf] of rules)
    for (const match of text.matchAll(pattern)) {
      const end = match.index + match[0].length
      if (found.some((other) => match.index < other.end && other.index < end)) continue
      const range = rangeOf(match.slice(1), at)
      if (range && Number.isFinite(range.from) && Number.isFinite(range.to))
        found.push({ index: match.index, end, range })
    }
  return found.sort((one, other) => one.index - other.index).map(({ range }) => range)
}

export const overlap = (one: TimeRange, other: TimeRange): boolean => one.from < other.to && other.from < one.to
