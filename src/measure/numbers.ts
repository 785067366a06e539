export interface Numeral {
  /** What it may be worth: as it stands, and with the word behind it (million, 万). */
  readonly values: readonly number[]
  /** Digits behind its decimal sign. */
  readonly places: number
  readonly percent: boolean
  readonly start: number
  readonly end: number
}

const grouped = String.raw`\d{1,3}(?:[,'’\u00a0\u2009\u202f]\d{3})+(?!\d)(?:\.\d+)?`
const pointed = String.raw`\d{1,3}(?:\.\d{3}){2,}(?!\d)(?:,\d+)?`
const plain = String.raw`\d+(?:\.\d+|,\d+(?![,\d]))?(?:[eE][+-]?\d+)?`
const scaleWords: Readonly<Record<string, number>> = {
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
  k: 1e3,
  mn: 1e6,
  bn: 1e9,
  万: 1e4,
  亿: 1e8,
}
const pattern = new RegExp(
  String.raw`(?<![A-Za-z_\d]|\d[.,])((?<![\p{L}\p{N}.)\]]\s?)[-−–])?(?:(${grouped})|(${pointed})|(${plain}))` +
    String.raw`(?:(\s*(?:%|％|percent\b|per cent\b))|\s*(thousand|million|billion|trillion|万|亿)|(k|mn|bn)(?![\p{L}\p{N}]))?`,
  'giu',
)

/** Numbers in digits: `1,234.5`, `1.234.567,8`, `12,5`, `-3e4`, `45 %`, `1.2 million`; not the digits of a name such as `B12`. */
export function numeralsIn(text: string): Numeral[] {
  return [...text.matchAll(pattern)].map((match) => {
    const [all, sign, comma, point, other, percent, word, letter] = match
    const digits = comma
      ? comma.replace(/[^\d.]/g, '')
      : point
        ? point.replaceAll('.', '').replace(',', '.')
        : other!.replace(',', '.')
    const value = Number(digits) * (sign ? -1 : 1)
    const scale = scaleWords[(word ?? letter ?? '').toLowerCase()]
    return {
      values: scale === undefined ? [value] : [value * scale, value],
      places: /\.(\d+)/.exec(digits)?.[1]?.length ?? 0,
      percent: percent !== undefined,
      start: match.index,
      end: match.index + all.length,
    }
  })
}

const words =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  )
const tens = ['thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety']
const spelt = new Map([
  ...words.map((word, value) => [word, value] as const),
  ...tens.map((word, at) => [word, (at + 3) * 10] as const),
])
const speltPattern = new RegExp(String.raw`\b(?:${[...spelt.keys()].join('|')})\b`, 'gi')

/** English number words up to twenty, and tens, as digits. */
export const inDigits = (text: string): string =>
  text.replace(speltPattern, (word) => String(spelt.get(word.toLowerCase())))

/** Share by which a number may differ from an answer that has decimals. */
export const tolerance = 0.001

/**
 * Whether a number is the answer: one without decimals exactly; one with decimals when it differs by at most a thousandth, or is
 * the answer when rounded to as many places. Between a percentage and a bare number, a hundred times the one is the other.
 */
export function sameNumber(said: Numeral, answer: Numeral): boolean {
  const factors = said.percent === answer.percent ? [1] : said.percent ? [1, 0.01] : [1, 100]
  return factors.some((factor) => said.values.some((value) => answer.values.some((own) => near(value * factor, own))))
  function near(value: number, own: number): boolean {
    const off = Math.abs(value - own)
    if (off <= Math.abs(own) * 1e-9) return true
    if (answer.places === 0) return false
    return off <= Math.abs(own) * tolerance || Number(value.toFixed(answer.places)) === own
  }
}
