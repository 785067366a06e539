import type { Pack, Passage, Source, Span, TokenCounter } from './contract.ts'
import { splitsPair } from './spans.ts'

/** The canonical text of a Source, or undefined when there is no such Source. */
export type TextOf = (source: string) => string | undefined

/** Span law: a span lies inside its source and parts no surrogate pair. One message per violation. */
export function spanViolations(span: Span, textOf: TextOf): string[] {
  const { source, start, end } = span
  const name = `span ${source.slice(0, 12)}:${start}-${end}`
  const text = textOf(source)
  if (text === undefined) return [`${name}: there is no such source`]
  if (!Number.isInteger(start) || !Number.isInteger(end)) return [`${name}: offsets must be whole numbers`]
  if (start < 0 || start > end || end > text.length)
    return [`${name}: lies outside a text of ${text.length} characters`]
  return [start, end].filter((at) => splitsPair(text, at)).map((at) => `${name}: parts a surrogate pair at ${at}`)
}

/**
 * Source laws: canonical text; an outline in pre-order, sorted, each unit inside its parent; anchors sorted and inside.
 * That the id is the text's hash is for the caller to check (it takes time).
 */
export function sourceViolations(source: Source): string[] {
  const { text, outline = [], origin } = source
  const found: string[] = []
  if (text.includes('\0') || !text.isWellFormed()) found.push('text with NUL or lone surrogates')
  outline.forEach(({ kind, start, end, level, parent }, index) => {
    const name = `unit ${index} (${kind} ${start}-${end})`
    if (!(start >= 0 && start <= end && end <= text.length)) found.push(`${name}: lies outside the text`)
    if (splitsPair(text, start) || splitsPair(text, end)) found.push(`${name}: parts a surrogate pair`)
    if (index > 0 && start < outline[index - 1]!.start) found.push(`${name}: is not sorted`)
    if (!(level >= 1)) found.push(`${name}: has the level ${level}`)
    const above = parent === undefined ? undefined : outline[parent]
    if (parent !== undefined && !(above && parent < index))
      found.push(`${name}: its parent ${parent} does not come before`)
    if (above && (start < above.start || end > above.end)) found.push(`${name}: is not inside its parent`)
  })
  origin?.anchors.forEach(({ at }, index) => {
    if (!(at >= 0 && at <= text.length)) found.push(`anchor ${index} at ${at}: lies outside the text`)
    if (index > 0 && at < origin.anchors[index - 1]!.at) found.push(`anchor ${index} at ${at}: is not sorted`)
  })
  return found.slice(0, 20)
}

/** Text of a passage as it must be handed on; undefined where a span is broken. */
function textOfPassage(passage: Passage, textOf: TextOf): string | undefined {
  if (passage.derived !== undefined) return passage.derived
  let out = ''
  let last: Span | undefined
  for (const span of passage.spans) {
    const text = textOf(span.source)
    if (text === undefined) return undefined
    const joined = !last || (last.source === span.source && last.end === span.start) || out.endsWith('\n')
    out += (joined ? '' : '\n') + text.slice(span.start, span.end)
    last = span
  }
  return out
}

/** Passage laws: sound spans, at least one; a number for a score; what is verbatim is never marked derived. */
export function passageViolations(passage: Passage, textOf: TextOf): string[] {
  const found = passage.spans.flatMap((span) => spanViolations(span, textOf))
  if (passage.spans.length === 0) found.push('a passage without spans')
  if (Number.isNaN(passage.score)) found.push('a passage whose score is not a number')
  if (found.length === 0 && passage.derived !== undefined && passage.derived !== '') {
    const { derived: _, ...verbatim } = passage
    if (textOfPassage(verbatim, textOf) === passage.derived)
      found.push(`verbatim text marked derived: "${passage.derived.slice(0, 40)}"`)
  }
  return found
}

export interface PackFacts {
  readonly textOf: TextOf
  readonly counter: TokenCounter
  /** What the packer was given to choose from, the required passages too. */
  readonly input: readonly Passage[]
  readonly required?: readonly Passage[]
}

/**
 * Pack laws: within budget; an honest count of the final text; each range is its passage's text; every character that
 * came in is kept or dropped with a reason; a character is kept once (copies apart); what is required is kept whole.
 */
export function packViolations(pack: Pack, facts: PackFacts): string[] {
  const { textOf, counter, input, required = [] } = facts
  const { count, margin, exact } = pack.tokens
  const found = [...pack.kept, ...pack.dropped.map(({ passage }) => passage)].flatMap((passage) =>
    passageViolations(passage, textOf),
  )
  if (count !== counter.count(pack.text))
    found.push(`the count ${count} is not that of the text, ${counter.count(pack.text)}`)
  if (margin !== counter.margin(count))
    found.push(`the margin ${margin} is not the counter's, ${counter.margin(count)}`)
  if (exact && margin !== 0) found.push(`an exact count with a margin of ${margin}`)
  if (count + margin > pack.budget) found.push(`${count} + ${margin} tokens exceed the budget of ${pack.budget}`)
  if (pack.ranges.length !== pack.kept.length)
    found.push(`${pack.ranges.length} ranges for ${pack.kept.length} kept passages`)
  pack.kept.forEach((passage, index) => {
    const [start, end] = pack.ranges[index] ?? [0, 0]
    if (pack.text.slice(start, end) !== textOfPassage(passage, textOf))
      found.push(`range ${index} is not the text of its passage`)
  })
  if (found.length > 0) return found

  const verbatim = (passages: readonly Passage[]) => passages.filter((passage) => passage.derived === undefined)
  const originals = verbatim(pack.kept).filter((passage) => !passage.copy || input.includes(passage))
  const kept = marks(originals)
  const left = pack.dropped.filter(({ why }) => why !== 'duplicate').map(({ passage }) => passage)
  const dropped = marks(verbatim(left))
  const repeated = marks(verbatim(pack.dropped.filter(({ why }) => why === 'duplicate').map(({ passage }) => passage)))
  const given = marks(verbatim(input))
  const must = marks(verbatim(required))
  const sources = new Set([...kept.keys(), ...dropped.keys(), ...repeated.keys(), ...given.keys()])
  for (const source of sources) {
    const length = textOf(source)!.length
    const at = (map: ReadonlyMap<string, Uint16Array>, offset: number) => map.get(source)?.[offset] ?? 0
    for (const map of [kept, dropped, repeated, given, must]) if (!map.has(source)) map.set(source, new Uint16Array(0))
    for (let offset = 0; offset < length; offset++) {
      const [k, d, r, g] = [at(kept, offset), at(dropped, offset), at(repeated, offset), at(given, offset)]
      const name = `character ${source.slice(0, 12)}:${offset}`
      if (k > 1) found.push(`${name} is kept ${k} times`)
      if (g > 0 && k + d === 0) found.push(`${name} came in and is neither kept nor dropped with a reason`)
      if (g === 0 && k + d + r > 0) found.push(`${name} did not come in`)
      if (k > 0 && d > 0) found.push(`${name} is both kept and dropped`)
      if (k === 0 && d > 1) found.push(`${name} is dropped ${d} times`)
      if (at(must, offset) > 0 && k === 0) found.push(`${name} is required and not kept`)
      if (found.length > 20) return found
    }
  }
  const key = (passage: Passage) => JSON.stringify([passage.spans, passage.derived])
  const known = new Set([...pack.kept, ...pack.dropped.map(({ passage }) => passage)].map(key))
  const keptKeys = new Set(pack.kept.map(key))
  for (const passage of input)
    if (passage.derived !== undefined && !known.has(key(passage)))
      found.push('a derived passage came in and is neither kept nor dropped')
  for (const passage of required)
    if (passage.derived !== undefined && !keptKeys.has(key(passage)))
      found.push('a required derived passage is not kept')
  for (const passage of pack.kept)
    if (passage.copy && !input.includes(passage) && !originals.some((original) => key(original) === key(passage)))
      found.push('a copy of what is not kept')
  return found
}

/** How often each character of each source is covered. */
function marks(passages: readonly Passage[]): Map<string, Uint16Array> {
  const ends = new Map<string, number>()
  for (const { spans } of passages)
    for (const span of spans) ends.set(span.source, Math.max(ends.get(span.source) ?? 0, span.end))
  const counts = new Map([...ends].map(([source, end]) => [source, new Uint16Array(end)]))
  for (const { spans } of passages)
    for (const { source, start, end } of spans) {
      const own = counts.get(source)!
      for (let offset = start; offset < end; offset++) own[offset]!++
    }
  return counts
}
