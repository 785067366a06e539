/** How a number is shown: the section of an Excel format code that fits its sign. */
export interface NumberFormat {
  readonly sections: readonly Section[]
}

interface Section {
  readonly kind: 'general' | 'date' | 'number' | 'scientific' | 'words'
  readonly prefix: string
  readonly suffix: string
  readonly decimals: number
  /** Decimals that are always shown. */
  readonly fixed: number
  readonly digits: number
  readonly grouped: boolean
  /** 100 for a percentage, 0.001 for thousands. */
  readonly scale: number
  readonly date: { readonly day: boolean; readonly time: boolean; readonly seconds: boolean; readonly elapsed: boolean }
}

const noDate = { day: false, time: false, seconds: false, elapsed: false }

/** Reads a format code such as `#,##0.00 "kr";[Red]-0%` (ECMA-376, 18.8.31). */
export function parseNumberFormat(code: string): NumberFormat {
  const sections: string[] = ['']
  for (const token of code.slice(0, 1024).match(/"[^"]*"|\\.|\[[^\]]*\]|[_*].|[\s\S]/g) ?? [])
    if (token === ';') sections.push('')
    else sections[sections.length - 1] += token
  return { sections: sections.map(parseSection) }
}

function parseSection(code: string): Section {
  let pattern = ''
  let prefix = ''
  let suffix = ''
  let elapsed = false
  const literal = (text: string): void => {
    if (/[0#?]/.test(pattern)) suffix += text
    else prefix += text
  }
  for (const token of code.match(/"[^"]*"|\\.|\[[^\]]*\]|[_*].|[\s\S]/g) ?? []) {
    if (token.startsWith('"')) literal(token.slice(1, -1))
    else if (token.startsWith('\\')) literal(token.slice(1))
    else if (token.startsWith('[')) {
      if (/^\[(h+|m+|s+)\]$/i.test(token)) {
        elapsed = true
        pattern += token.slice(1, -1)
      } else literal(/^\[\$([^-\]]*)/.exec(token)?.[1] ?? '')
    } else if (/^[_*]./.test(token)) literal(token.startsWith('_') ? ' ' : '')
    else {
      if (/[$€£¥()+\- :/]/.test(token) && !/E$/i.test(pattern)) literal(token)
      if (token === '%') suffix += '%'
      pattern += token
    }
  }
  const base = {
    prefix: prefix.trimStart(),
    suffix: suffix.trimEnd(),
    decimals: 0,
    fixed: 0,
    digits: 0,
    grouped: false,
  }
  const plain = { ...base, scale: 1, date: noDate }
  if (/general/i.test(pattern)) return { ...plain, kind: 'general' }
  if (/[ymdhs]/i.test(pattern.replace(/am\/pm|a\/p/gi, '')) || elapsed) {
    const letters = pattern.toLowerCase().replace(/am\/pm|a\/p/g, '')
    const time = /[hs]/.test(letters)
    const day = /[yd]/.test(letters) || (!time && letters.includes('m'))
    return { ...plain, kind: 'date', date: { day, time, seconds: letters.includes('s'), elapsed } }
  }
  if (!/[0#?]/.test(pattern))
    return { ...plain, kind: base.prefix === '' || pattern.includes('@') ? 'general' : 'words' }
  const [whole = '', fraction = ''] = pattern.split('.')
  const places = /^[^E]*/i.exec(fraction)![0]
  const trailing = /[0#?](,+)[^0#?]*$/.exec(pattern)?.[1]?.length ?? 0
  return {
    ...base,
    kind: /E[+-]/i.test(pattern) ? 'scientific' : 'number',
    decimals: Math.min(15, (places.match(/[0#?]/g) ?? []).length),
    fixed: Math.min(15, (places.match(/0/g) ?? []).length),
    digits: Math.min(32, (whole.match(/0/g) ?? []).length),
    grouped: /[0#?],[0#?]/.test(whole),
    scale: 100 ** Math.min(4, (pattern.match(/%/g) ?? []).length) * 1000 ** -Math.min(4, trailing),
    date: noDate,
  }
}

/** A number as Excel shows it; dates as `2024-03-05`, times as `14:30`, whatever their order in the format. */
export function formatNumber(value: number, format: NumberFormat | undefined, from1904: boolean): string {
  if (!format) return general(value)
  const { sections } = format
  const which = value < 0 && sections.length > 1 ? 1 : value === 0 && sections.length > 2 ? 2 : 0
  const section = sections[which]!
  const shown = which === 1 ? -value : value
  if (section.kind === 'date') return showDate(value, section, from1904)
  if (section.kind === 'words') return section.prefix
  if (section.kind === 'general') return section.prefix + general(shown) + section.suffix
  const scaled = Number((Math.abs(shown) * section.scale).toPrecision(15))
  const sign = shown < 0 ? '-' : ''
  if (section.kind === 'scientific') {
    const text = scaled.toExponential(section.decimals).toUpperCase()
    return sign + section.prefix + text.replace(/E([+-])(\d)$/, 'E$10$2') + section.suffix
  }
  return sign + section.prefix + decimal(scaled, section) + section.suffix
}

function decimal(value: number, { decimals, fixed, digits, grouped }: Section): string {
  if (value >= 1e21) return String(value)
  let [whole = '0', fraction = ''] = value.toFixed(decimals).split('.')
  while (fraction.length > fixed && fraction.endsWith('0')) fraction = fraction.slice(0, -1)
  whole = whole === '0' && digits === 0 && fraction !== '' ? '' : whole.padStart(digits, '0')
  if (grouped) whole = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** Numbers are stored with 17 digits and shown with at most 15. */
function general(value: number): string {
  if (Number.isSafeInteger(value)) return String(value)
  return Number.isFinite(value) ? String(Number(value.toPrecision(15))) : '#NUM!'
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')

function showDate(value: number, { date }: Section, from1904: boolean): string {
  if (value < 0 || value > 2_958_466 || !Number.isFinite(value)) return general(value)
  const seconds = Math.round(value * 86_400)
  if (date.elapsed)
    return `${Math.floor(seconds / 3600)}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`
  // Day 60 of the 1900 system is 29 February 1900, which never was.
  const days = from1904 ? 24_107 : value < 60 ? 25_568 : 25_569
  const when = new Date((seconds - days * 86_400) * 1000)
  const day = when.toISOString().slice(0, 10)
  const clock = when.toISOString().slice(11, date.seconds ? 19 : 16)
  if (!date.time) return day
  return date.day ? `${day} ${clock}` : clock
}
