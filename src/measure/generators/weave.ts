import { FoveaError, makeSource, type Source, type Span } from '../../core/index.ts'
import type { Corpus, Sample, TaskRequest } from '../contract.ts'
import { promptOf } from '../corpus.ts'
import { Lengths } from '../length.ts'
import { costsOf } from './haystack.ts'

/** All of a prompt but its text. */
export type Asked = Pick<Sample, 'instruction' | 'question' | 'cue' | 'choices'>

/** Lines of their own between the prose. `depth` is the share of the prose's tokens that stands before them, 0 to 1. */
export interface Block {
  readonly text: string
  readonly depth: number
}
export interface Woven {
  readonly corpus: Corpus
  /** Of each block, in the order in which they were given. */
  readonly spans: readonly Span[]
  /** Of the whole prompt, for each of what is asked. */
  readonly tokens: readonly number[]
}
export interface Talk extends Woven {
  /** Sources that are there when the last block but the later ones has come. */
  readonly delivered: number
  /** Number of the Source that holds each block. */
  readonly places: readonly number[]
}
export interface Stream {
  readonly blocks: readonly Block[]
  /** Come after all that is delivered. */
  readonly later?: readonly string[]
  /** Time of the first turn, and from each to the next, in milliseconds. */
  readonly start?: number
  readonly step?: number
}

export const aroundOf = (asked: Asked): string => promptOf(asked as Sample, '')

const shortest = (name: string, length: number, needed: number): FoveaError =>
  new FoveaError(
    'length-too-short',
    `${name} needs ${needed} tokens for what must stand in the prompt, and ${length} were asked for; ask for a longer one, or for less by its options`,
    { detail: { needed, length } },
  )

/** Sentences of an exchange of small talk: one for each speaker. */
const exchange = 2

export const stamp = (time: number): string => `[${new Date(time).toISOString().slice(0, 16).replace('T', ' ')}]`

/** Sections of prose in which blocks stand, at a length in tokens. One serves all samples of a task: it learns how tokens add up. */
export class Weaver {
  readonly #request: TaskRequest
  readonly #lengths = new Lengths()

  constructor(request: TaskRequest) {
    this.#request = request
  }

  /** Tokens that are left for prose beside these texts. */
  room(asked: readonly Asked[], texts: readonly string[]): number {
    const { counter, length } = this.#request
    return length - this.#around(asked).middle - texts.reduce((sum, text) => sum + counter.count(`${text}\n`), 0)
  }

  /** One Source: sentences in a row, each block on lines of its own. */
  async text(name: string, blocks: readonly Block[], asked: readonly Asked[], random: () => number): Promise<Woven> {
    const { sentences } = this.#request.haystack
    const offset = Math.floor(random() * sentences.length)
    const at = (number: number): number => (offset + number) % sentences.length
    const fitted = this.#fit(name, blocks, asked, at, 0, ({ pieces, tail, before }) => {
      const order = ordered(before)
      const parts: string[] = []
      const starts: number[] = []
      let size = 0
      let line = true
      const add = (text: string, block: boolean): number => {
        const joint = size === 0 ? '' : line || block ? '\n' : ' '
        line = block
        parts.push(joint, text)
        size += joint.length + text.length
        return size - text.length
      }
      let next = 0
      for (let piece = 0; piece <= pieces; piece++) {
        for (; next < order.length && before[order[next]!]! <= piece; next++)
          starts[order[next]!] = add(blocks[order[next]!]!.text, true)
        if (piece < pieces) add(sentences[at(piece)]!, false)
      }
      if (tail.trim() !== '') add(tail.trim(), false)
      const text = parts.join('')
      return { made: { text, starts }, text }
    })
    const { text, starts } = fitted.made
    const source = await makeSource({ uri: `${name}.txt`, text, mediaType: 'text/plain' })
    const spans = blocks.map(
      ({ text }, index): Span => ({ source: source.id, start: starts[index]!, end: starts[index]! + text.length }),
    )
    return { corpus: { id: name, sources: [source] }, spans, tokens: fitted.tokens }
  }

  /** A Source for each turn, with its time: blocks, and exchanges of small talk between them. */
  async talk(name: string, stream: Stream, asked: readonly Asked[], random: () => number): Promise<Talk> {
    const { blocks, later = [], start = Date.UTC(2024, 0, 8, 9), step = 7 * 60_000 } = stream
    const { haystack, counter } = this.#request
    const { sentences } = haystack
    const offset = Math.floor(random() * sentences.length)
    const at = (number: number): number => (offset + number) % sentences.length
    const overhead = counter.count(`\n\n${stamp(start)} User:\nAssistant:`)
    const titled = blocks.map((block) => ({ ...block, text: `\n${stamp(start)} ${block.text}` }))
    const small = (from: number, end: number, tail: string): string => {
      const [first, ...others] = Array.from({ length: end - from }, (_, index) => sentences[at(from + index)]!)
      return `User: ${first}${others.length > 0 ? `\nAssistant: ${others.join(' ')}` : ''}${tail}`
    }
    const fitted = this.#fit(name, titled, asked, at, overhead, ({ pieces, tail, before }) => {
      const order = ordered(before)
      const turns: string[] = []
      const places: number[] = []
      let next = 0
      for (let piece = 0; piece <= pieces; piece += exchange) {
        for (; next < order.length && before[order[next]!]! <= piece; next++)
          places[order[next]!] = turns.push(blocks[order[next]!]!.text) - 1
        const end = Math.min(pieces, piece + exchange)
        if (end > piece) turns.push(small(piece, end, end === pieces ? tail.trimEnd() : ''))
      }
      for (; next < order.length; next++) places[order[next]!] = turns.push(blocks[order[next]!]!.text) - 1
      const stamped = turns.map((turn, index) => `${stamp(start + index * step)} ${turn}`)
      return { made: { stamped, places }, text: stamped.join('\n\n') }
    })
    const { stamped, places } = fitted.made
    const delivered = stamped.length
    const after = later.flatMap((text, index) => [small(index * exchange, index * exchange + exchange, ''), text])
    const all = [...stamped, ...after.map((turn, index) => `${stamp(start + (delivered + index) * step)} ${turn}`)]
    const sources = await Promise.all(
      all.map((text, index) =>
        makeSource({
          uri: `${name}/${String(index + 1).padStart(5, '0')}.txt`,
          text,
          mediaType: 'text/plain',
          time: start + index * step,
        }),
      ),
    )
    const spans = blocks.map(({ text }, index) => spanIn(sources[places[index]!]!, text))
    return { corpus: { id: name, sources }, spans, tokens: fitted.tokens, delivered, places }
  }

  #around(asked: readonly Asked[]) {
    const counts = asked.map((one) => this.#request.counter.count(aroundOf(one)))
    return { counts, middle: Math.round((Math.min(...counts) + Math.max(...counts)) / 2) }
  }

  /** `overhead`: tokens of what stands around every other sentence. */
  #fit<Made>(
    name: string,
    blocks: readonly Block[],
    asked: readonly Asked[],
    at: (number: number) => number,
    overhead: number,
    compose: (layout: { pieces: number; tail: string; before: readonly number[] }) => { made: Made; text: string },
  ): { made: Made; tokens: readonly number[] } {
    const { haystack, counter, length } = this.#request
    const { sentences } = haystack
    const costs = costsOf(haystack, counter)
    const { counts, middle } = this.#around(asked)
    const needed = blocks.reduce((sum, { text }) => sum + counter.count(`${text}\n`), middle)
    if (needed > length) throw shortest(name, length, needed)
    const cost = (number: number): number => costs[at(number)]! + (number % exchange === 0 ? overhead : 0)
    // What is asked first stands for all; the others differ by their own counts.
    const shift = counts[0]! - middle
    const laid = (pieces: number, tail: string) => {
      const { made, text } = compose({ pieces, tail, before: piecesBefore(blocks, pieces, cost) })
      return { pieces, tail, made, prompt: () => promptOf(asked[0] as Sample, text) }
    }
    const fitted = this.#lengths.fit({
      length: length + shift,
      counter,
      fixed: needed + shift,
      piece: (number) => ` ${sentences[at(number)]}`,
      cost,
      compose(pieces, tail) {
        const made = laid(pieces, tail)
        return { made, prompt: made.prompt }
      },
    })
    // What was learnt from other samples is near; words more or less at the end make it exact.
    let last = { ...fitted.made, tokens: counter.count(fitted.made.prompt()) }
    let best = last
    const miss = ({ tokens }: { tokens: number }): number => length + shift - tokens
    for (let round = 0; round < 5 && Math.abs(miss(best)) > near; round++) {
      const { pieces, tail } = moved(last, miss(last))
      const next = laid(pieces, tail)
      last = { ...next, tokens: counter.count(next.prompt()) }
      if (Math.abs(miss(last)) < Math.abs(miss(best))) best = last
    }
    return { made: best.made, tokens: counts.map((count) => best.tokens + count - counts[0]!) }

    /** The end so many words later or earlier, about a token each; words are added behind the last sentence. */
    function moved({ pieces, tail }: { pieces: number; tail: string }, by: number): { pieces: number; tail: string } {
      const words = (piece: number): string[] => ` ${sentences[at(piece)]}`.split(/(?<=\S)(?=\s)/)
      const had = tail.trim() === '' ? 0 : tail.trimEnd().split(/(?<=\S)(?=\s)/).length
      let [piece, wanted] = [pieces, had + Math.trunc(by / 1.2)]
      while (wanted < 0 && piece > 0) wanted += words(--piece).length
      const behind: string[] = []
      for (let next = piece; behind.length < wanted; next++) behind.push(...words(next))
      return { pieces: piece, tail: behind.slice(0, Math.max(0, wanted)).join('') }
    }
  }
}

/** Tokens by which a prompt may miss its length. */
const near = 4

/** For each block, how many pieces of prose stand before it. */
function piecesBefore(blocks: readonly Block[], pieces: number, cost: (number: number) => number): number[] {
  const sums = new Float64Array(pieces + 1)
  for (let piece = 0; piece < pieces; piece++) sums[piece + 1] = sums[piece]! + cost(piece)
  return blocks.map(({ depth }) => {
    const wanted = depth * sums[pieces]!
    let [low, high] = [0, pieces]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sums[middle]! + 1e-9 < wanted) low = middle + 1
      else high = middle
    }
    return low
  })
}

/** Numbers of the blocks as they follow each other; of those at one place, in the order in which they were given. */
const ordered = (before: readonly number[]): number[] =>
  [...before.keys()].sort((one, other) => before[one]! - before[other]! || one - other)

function spanIn({ id, text }: Source, ending: string): Span {
  return { source: id, start: text.length - ending.length, end: text.length }
}

/** Depths that spread so many blocks evenly, in their order. */
export const evenly = (count: number): number[] => Array.from({ length: count }, (_, index) => (index + 0.5) / count)

/** Depths of blocks that shall begin so many tokens before the end, given their own tokens and those of the prose. */
export function depthsBefore(distances: readonly number[], costs: readonly number[], prose: number): number[] {
  const order = [...distances.keys()].sort((one, other) => distances[one]! - distances[other]!)
  const depths: number[] = []
  let behind = 0
  for (const block of order) {
    behind += costs[block]!
    depths[block] = Math.min(1, Math.max(0, 1 - (distances[block]! - behind) / Math.max(1, prose)))
  }
  return depths
}
