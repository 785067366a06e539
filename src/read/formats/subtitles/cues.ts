export interface Cue {
  /** Milliseconds. */
  readonly start: number
  readonly end: number
  /** Without tags; lines are joined by a newline, and a speaker named by a tag stands in front as `Name: `. */
  readonly text: string
  readonly speaker?: string
  /** Line of the file that the text begins on, from 1. */
  readonly line: number
}

export interface Cues {
  readonly cues: readonly Cue[]
  /** Lines of cues whose time code cannot be read. */
  readonly skipped: readonly number[]
  readonly webvtt: boolean
  /** Primary tag of the language, where the header names it. */
  readonly language?: string
}

const clock = String.raw`(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,:](\d{1,3})`
const timing = new RegExp(String.raw`^\s*${clock}\s*-{2,3}>\s*${clock}(?:\s.*)?$`)
/** Parts of WebVTT that are no cues. */
const block = /^(?:NOTE|STYLE|REGION)(?:[ \t]|$)/
const counter = /^\s*\d+\s*$/
const wordTimes = /<\d{2}:\d{2}(?::\d{2})?\.\d{3}>/
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: '\u00a0',
  lrm: '\u200e',
  rlm: '\u200f',
  quot: '"',
  apos: "'",
}

const milliseconds = (parts: readonly (string | undefined)[]): number =>
  ((Number(parts[0] ?? 0) * 60 + Number(parts[1])) * 60 + Number(parts[2])) * 1000 + Number(parts[3]!.padEnd(3, '0'))

/** Text without the tags of WebVTT and SRT (`<i>`, `<c.yellow>`, `{\an8}`), and who speaks by `<v Name>`. */
function plain(line: string): { text: string; speaker?: string } {
  const speaker = /<v(?:\.[^\s<>]*)?[ \t]+([^<>]+)>/.exec(line)?.[1]?.trim()
  const text = line
    .replace(/<v(?:\.[^\s<>]*)?[ \t]+([^<>]+)>/g, (_, name: string) => `${decode(name.trim())}: `)
    .replace(/<\/?(?:[a-z][^<>]*|\d[\d:.]*)?>/gi, '')
    .replace(/\{\\[^{}]*\}/g, '')
  const shown = decode(text).trim()
  return speaker === undefined ? { text: shown } : { text: shown, speaker: decode(speaker) }
}

const decode = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hexadecimal, name) => {
    if (name) return entities[name.toLowerCase()] ?? whole
    const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal, 16)
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole
  })

/**
 * The cues of a file in SRT or WebVTT, in the order of the file. Captions that roll (each cue repeats the last line and
 * adds the next, with times within the line) give each line once.
 */
export function parseCues(file: string): Cues {
  const lines = file.split(/\r\n|\n|\r/)
  const webvtt = /^\ufeff?WEBVTT(?:\s|$)/.test(lines[0]!)
  const rolling = wordTimes.test(file)
  const cues: Cue[] = []
  const skipped: number[] = []
  let shown: string[] = []
  const blank = (line: string): boolean => (webvtt ? line : line.trim()) === ''
  const blankFrom = (from: number): number => {
    let line = from
    while (line < lines.length && !blank(lines[line]!)) line++
    return line
  }
  let at = webvtt ? blankFrom(1) : 0
  while (at < lines.length) {
    if (blank(lines[at]!)) {
      at++
      continue
    }
    const last = blankFrom(at)
    const first = at
    at = last
    if (webvtt && block.test(lines[first]!)) continue
    let line = first
    while (line < last && !lines[line]!.includes('->')) line++
    const match = line < last ? timing.exec(lines[line]!) : null
    if (!match) {
      // A blank line inside a cue: what follows without number and time belongs to it.
      if (line === last && cues.length > 0 && !webvtt && !counter.test(lines[first]!))
        extend(cues, lines.slice(first, last))
      else skipped.push(first + 1)
      continue
    }
    const before = lines.slice(first, counter.test(lines[line - 1] ?? '') ? line - 1 : line)
    if (!webvtt && before.length > 0 && cues.length > 0) extend(cues, before)
    // A cue may follow without a blank line between: number and time, or time alone.
    let end = line + 1
    while (end < last && !timing.test(lines[end]!)) end++
    if (end < last) at = counter.test(lines[end - 1]!) && end - 1 > line ? end - 1 : end
    const texts = lines
      .slice(line + 1, at)
      .map(plain)
      .filter(({ text }) => text !== '')
    const speaker = texts.find((text) => text.speaker !== undefined)?.speaker
    let words = texts.map(({ text }) => text)
    if (rolling) {
      const fresh = words.filter((text) => !shown.includes(text))
      shown = words
      words = fresh
    }
    if (words.length === 0) continue
    cues.push({
      start: milliseconds(match.slice(1, 5)),
      end: milliseconds(match.slice(5, 9)),
      text: words.join('\n'),
      ...(speaker === undefined ? {} : { speaker }),
      line: line + 2,
    })
  }
  const language = webvtt ? /\nLanguage: *([a-z]{2,3})/i.exec(file.slice(0, 1000))?.[1]?.toLowerCase() : undefined
  return { cues, skipped, webvtt, ...(language === undefined ? {} : { language }) }
}

function extend(cues: Cue[], lines: readonly string[]): void {
  const cue = cues.at(-1)!
  const more = lines.map((line) => plain(line).text).filter((text) => text !== '')
  cues[cues.length - 1] = { ...cue, text: [cue.text, ...more].join('\n') }
}
