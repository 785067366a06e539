const scales: Readonly<Record<string, number>> = {
  hundred: 1e2,
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
}
const pattern =
  /(?<![\p{L}\p{N}_])(?<sign>[-+\u2212\u2013]|minus )?(?<digits>\d{1,3}(?:[,\u2019'_\u00a0\u202f\u2009 ]\d{3})+(?!\d)|\d+|(?=\.\d))(?<part>\.\d+)?(?<power>e[-+]?\d+)?(?:\s?(?<scale>hundred|thousand|million|billion|trillion)\b)?/giu

/** A number that stands in a text, and how many decimals it is given with. */
export interface Read {
  readonly value: number
  readonly decimals: number
  readonly at: number
}

/**
 * Numbers in a text, whatever separates their thousands (comma, point high or low apart, apostrophe, any space of a group of
 * three); the decimal point is a full stop. `4.2 million`, `1e6`, a minus sign or the word are understood; units are passed over.
 */
export function numbersIn(text: string): Read[] {
  return [...text.matchAll(pattern)].map((match) => {
    const { sign = '', digits = '', part = '', power = '', scale = '' } = match.groups!
    // A dash between two numbers is a range, not a sign.
    const negative = /[-\u2212\u2013m]/i.test(sign) && !/[\d)]\s*$/.test(text.slice(0, match.index))
    const plain = Number(`${digits.replace(/\D/g, '')}${part}${power}`) * (scales[scale.toLowerCase()] ?? 1)
    return { value: negative ? -plain : plain, decimals: Math.max(0, part.length - 1), at: match.index }
  })
}

/**
 * The number that an answer comes to: the first behind the last `answer is`, `answer:`, `=` or mark of bold type that a
 * number follows, else the last of all.
 */
export function finalNumber(said: string): Read | undefined {
  const found = numbersIn(said)
  const marks = [...said.matchAll(/answer(?:\s+is)?\s*:?|=|\*\*(?=[^*]*\d)|\\boxed\{/gi)]
  for (const mark of marks.reverse()) {
    const next = found.find(({ at }) => at >= mark.index + mark[0].length)
    if (next) return next
  }
  return found.at(-1)
}

/**
 * Whether a number is the one wanted, as precisely as that is given: a whole number exactly, another within half a unit of
 * its last decimal.
 */
export function sameNumber(said: number, wanted: number, decimals: number): boolean {
  const least = 1e-9 * Math.max(1, Math.abs(wanted))
  return Math.abs(said - wanted) <= (decimals === 0 ? 0 : 0.5 * 10 ** -decimals) + least
}

/** Whether what was said comes to one of some numbers, each written with the decimals that count. */
export function saysNumber(said: string, wanted: readonly string[]): boolean {
  const heard = finalNumber(said)
  return (
    heard !== undefined &&
    wanted.some((form) => {
      const gold = numbersIn(form)[0]
      return gold !== undefined && sameNumber(heard.value, gold.value, gold.decimals)
    })
  )
}

/** With commas between thousands. */
export const grouped = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 10 })
