import type { Chunk, OutlineNode, Source } from './contract.ts'

const months = 'January February March April May June July August September October November December'.split(' ')
const spoken = new Set(['turn', 'message'])
const mostUnits = 400

/** A day in words, `8 May 2023`, in UTC. */
export function dayOf(time: number): string | undefined {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return undefined
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

/**
 * What a reader of a passage knows from its place and the passage does not say: the titles of its Source and of the
 * units around it, and for a turn or message who spoke and the day. Undefined when there is nothing.
 */
export function contextOf(
  source: Pick<Source, 'text' | 'title' | 'time' | 'outline'>,
  chunk: Pick<Chunk, 'start' | 'end' | 'node'>,
): string | undefined {
  const { outline = [], text } = source
  const titles: string[] = []
  let day: string | undefined
  let speaker: string | undefined
  let node: OutlineNode | undefined = chunk.node === undefined ? undefined : outline[chunk.node]
  if (node && spoken.has(node.kind)) {
    const time = typeof node.detail?.time === 'number' ? node.detail.time : source.time
    if (time !== undefined) day = dayOf(time)
    if (typeof node.detail?.speaker === 'string') speaker = node.detail.speaker
  }
  for (let depth = 0; node && depth < 16; depth++) {
    if (node.title) titles.unshift(node.title)
    node = node.parent === undefined ? undefined : outline[node.parent]
  }
  if (source.title && !titles.includes(source.title)) titles.unshift(source.title)
  const own = text.slice(chunk.start, Math.min(chunk.end, chunk.start + mostUnits))
  const missing = [...titles, speaker, day].filter((words) => words !== undefined && !own.includes(words))
  return missing.length === 0 ? undefined : missing.join('\n').slice(0, mostUnits).toWellFormed()
}

/**
 * Calls back for each term that a passage is found by: its header, its text, its context. No phrase runs from one into
 * another, nor through the context.
 */
export function eachPassageTerm<Term>(
  analyzer: { each(text: string, emit: (term: Term, position: number) => void): void },
  parts: { readonly header?: string; readonly text: string; readonly context?: string },
  emit: (term: Term, position: number) => void,
): void {
  let last = -2
  const shifted = (words: string, step: number): void => {
    const shift = last + 2
    analyzer.each(words, (term, position) => emit(term, (last = position * step + shift)))
  }
  if (parts.header) shifted(parts.header, 1)
  shifted(parts.text, 1)
  if (parts.context) shifted(parts.context, 2)
}
