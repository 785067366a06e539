import type { Source } from '../core/index.ts'
import type { ReadContext, ReadInput } from './contract.ts'
import { OutlineBuilder } from './outline.ts'
import { type Cut, type Shape, textSources } from './parts.ts'
import { readError } from './problems.ts'

/** Containers up to this many characters are not looked into; texts from `longText` on are units of their own. */
const whole = 600
const longText = 80

export class JsonProblem extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

/** End of the string that begins with a quote at `at`. */
function stringEnd(text: string, at: number): number {
  for (let next = text.indexOf('"', at + 1); next !== -1; next = text.indexOf('"', next + 1)) {
    let back = next - 1
    while (text.charCodeAt(back) === 92) back--
    if ((next - 1 - back) % 2 === 0) return next + 1
  }
  throw new JsonProblem('a string is never closed', at)
}

/** Skips white space and comments. */
function skipBlank(text: string, from: number): number {
  let at = from
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === 32 || (code >= 9 && code <= 13) || code === 0xfeff) at++
    else if (code === 47 && text[at + 1] === '/') {
      const end = text.indexOf('\n', at)
      at = end === -1 ? text.length : end + 1
    } else if (code === 47 && text[at + 1] === '*') {
      const end = text.indexOf('*/', at + 2)
      if (end === -1) throw new JsonProblem('a comment is never closed', at)
      at = end + 2
    } else return at
  }
}

const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y

interface Frame {
  readonly object: boolean
  /** Where the member or item begins that is being read, its key, and how many there were before it. */
  start: number
  key: string | undefined
  count: number
}

/** One value inside another: `start` is that of the key where there is one, `from` that of the value. */
export interface JsonUnit {
  readonly key: string | undefined
  readonly index: number
  readonly start: number
  readonly from: number
  readonly end: number
  readonly depth: number
  readonly container: boolean
}

/**
 * Reads JSON (with comments and trailing commas) and gives each member and item, inner ones first. Throws JsonProblem;
 * `tooDeep` must throw.
 */
export function scanJson(text: string, depth: number, tooDeep: () => never, emit: (unit: JsonUnit) => void): void {
  const frames: Frame[] = []
  const starts: number[] = []
  let at = skipBlank(text, 0)
  for (;;) {
    let from = at
    let container = false
    const code = text.charCodeAt(at)
    if (code === 123 || code === 91) {
      if (frames.length >= depth) tooDeep()
      frames.push({ object: code === 123, start: -1, key: undefined, count: 0 })
      starts.push(at)
      at = skipBlank(text, at + 1)
    } else {
      if (code === 34) at = stringEnd(text, at)
      else {
        scalar.lastIndex = at
        if (!scalar.test(text)) throw new JsonProblem('a value is expected', at)
        at = scalar.lastIndex
      }
      at = value(from, container)
      if (at === -1) return
    }
    // After an opening bracket or a comma: a key, an item, or the end of the container.
    for (;;) {
      const frame = frames.at(-1)!
      if (text.charCodeAt(at) === (frame.object ? 125 : 93)) {
        frames.pop()
        from = starts.pop()!
        container = true
        at = value(from, container, at + 1)
        if (at === -1) return
        continue
      }
      frame.start = at
      if (frame.object) {
        if (text.charCodeAt(at) !== 34) throw new JsonProblem('a key is expected', at)
        const end = stringEnd(text, at)
        frame.key = text.slice(at + 1, end - 1)
        at = skipBlank(text, end)
        if (text.charCodeAt(at) !== 58) throw new JsonProblem('a colon is expected', at)
        at = skipBlank(text, at + 1)
      }
      break
    }
  }

  /** A value ends at `end`: returns where reading goes on, or -1 after the outermost. */
  function value(from: number, container: boolean, end = at): number {
    const frame = frames.at(-1)
    let next = skipBlank(text, end)
    if (!frame) {
      if (next < text.length) throw new JsonProblem('the end is expected', next)
      return -1
    }
    const { start, key, count } = frame
    emit({ key, index: count, start, from, end, depth: frames.length, container })
    frame.count++
    const code = text.charCodeAt(next)
    if (code === 44) next = skipBlank(text, next + 1)
    else if (code !== (frame.object ? 125 : 93))
      throw new JsonProblem('a comma or the end of a value is expected', next)
    return next
  }
}

const keyText = (key: string): string => {
  try {
    return JSON.parse(`"${key}"`) as string
  } catch {
    return key
  }
}

/** Large members and items as sections, small ones as atoms. */
function shape(text: string, depth: number, tooDeep: () => never): Shape {
  const units: JsonUnit[] = []
  scanJson(text, depth, tooDeep, (unit) => {
    if (unit.container || unit.end - unit.start >= longText) units.push(unit)
  })
  units.sort((one, two) => one.start - two.start || one.depth - two.depth)
  const outline = new OutlineBuilder()
  const ends: number[] = []
  let atomEnd = -1
  for (const unit of units) {
    if (unit.start < atomEnd) continue
    while (ends.length > 0 && ends.at(-1)! <= unit.start) outline.close(ends.pop()!)
    const title = unit.key === undefined ? `[${unit.index}]` : keyText(unit.key)
    if (unit.container && unit.end - unit.start > whole) {
      outline.open('section', unit.start, { title })
      ends.push(unit.end)
    } else {
      outline.add('atom', unit.start, unit.end)
      atomEnd = unit.end
    }
  }
  while (ends.length > 0) outline.close(ends.pop()!)
  return { outline: outline.finish(text.length) }
}

/** Cuts after the comma of least depth in the second half of a part. */
function cutJson(): Cut {
  let depth = 0
  return (text, limit) => {
    let level = depth
    let best = -1
    let bestLevel = Number.POSITIVE_INFINITY
    for (let at = 0; at < limit; at++) {
      const code = text.charCodeAt(at)
      if (code === 34) {
        for (at++; at < limit && text.charCodeAt(at) !== 34; at++) if (text.charCodeAt(at) === 92) at++
      } else if (code === 123 || code === 91) level++
      else if (code === 125 || code === 93) level--
      else if (code === 44 && at >= limit >>> 1 && level <= bestLevel) {
        best = at + 1
        bestLevel = level
      }
    }
    if (best !== -1) depth = bestLevel
    return best
  }
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length

/** A JSON file as its own text; large files are cut between items. Invalid JSON is read as text, with a warning. */
export function jsonSources(input: ReadInput, context: ReadContext): AsyncIterable<Source> {
  const { depth } = context.limits
  const tooDeep = (): never => {
    throw readError('too-deep', input, `its values are nested over ${depth} deep`, 'flatten it')
  }
  return textSources(
    input,
    context,
    'application/json',
    ({ text, part }) => {
      if (part) return {}
      try {
        return shape(text, depth, tooDeep)
      } catch (error) {
        if (!(error instanceof JsonProblem)) throw error
        const message = `${input.uri}: it is no valid JSON: ${error.message} on line ${lineOf(text, error.at)}; it was read as plain text`
        context.warn({ code: 'malformed', uri: input.uri, message })
        return {}
      }
    },
    { cut: cutJson(), uncut: 'fail' },
  )
}

/** A JSONL file as its own text, a row for each line; lines that are no JSON are kept and counted in a warning. */
export async function* jsonLineSources(input: ReadInput, context: ReadContext): AsyncIterable<Source> {
  let bad = 0
  let firstBad = 0
  let line = 0
  const sources = textSources(input, context, 'application/jsonl', ({ text }) => {
    const outline = new OutlineBuilder()
    for (const { start, end } of lines(text)) {
      line++
      const row = text.slice(start, end)
      if (row.trim() === '') continue
      outline.add('row', start, end)
      try {
        JSON.parse(row)
      } catch {
        if (bad++ === 0) firstBad = line
      }
    }
    return { outline: outline.finish(text.length) }
  })
  for await (const source of sources) yield source
  if (bad === 0) return
  const message = `${input.uri}: ${bad} ${bad === 1 ? 'line is' : 'lines are'} no JSON, the first line ${firstBad}; they were kept as text`
  context.warn({ code: 'malformed', uri: input.uri, message })
}

/** Lines with their ends. */
export function* lines(text: string): Iterable<{ readonly start: number; readonly end: number }> {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline + 1
    yield { start, end }
    start = end
  }
}
