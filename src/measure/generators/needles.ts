import { makeSource, type Source, type Span } from '../../core/index.ts'
import type { Corpus, TaskRequest } from '../contract.ts'
import { Lengths } from '../length.ts'
import { costsOf } from './haystack.ts'

/** Something to hide. `depth` is the share of the text that stands before it, 0 to 1. */
export interface Needle {
  readonly text: string
  readonly depth: number
}
export interface Hidden {
  readonly corpus: Corpus
  readonly source: Source
  /** Of each needle, in the order in which they were given. */
  readonly spans: readonly Span[]
  readonly tokens: number
}

/** RULER's depths: forty even positions. */
export const depths: readonly number[] = Array.from({ length: 40 }, (_, at) => Math.round((at * 100) / 39) / 100)

/** Depth of the sample with this number: the one asked for, else even over the samples. */
export const depthOf = ({ depth, samples }: TaskRequest, number: number): number =>
  depth ?? (samples === 1 ? 0.5 : number / (samples - 1))

/**
 * Hides needles between the sentences of a haystack, at exact depths, in a text of a length in tokens. One placer serves
 * all samples of a task: it learns how tokens add up.
 */
export class NeedlePlacer {
  readonly #request: TaskRequest
  readonly #lengths = new Lengths()

  constructor(request: TaskRequest) {
    this.#request = request
  }

  /** `around` is all of the prompt but the text; `offset` says where in the haystack the text begins. */
  async hide(name: string, needles: readonly Needle[], around: string, offset: number): Promise<Hidden> {
    const { haystack, counter, length } = this.#request
    const { sentences } = haystack
    const costs = costsOf(haystack, counter)
    const at = (number: number): number => (offset + number) % sentences.length
    const order = [...needles.keys()].sort((one, other) => needles[one]!.depth - needles[other]!.depth || one - other)
    const { made, tokens } = this.#lengths.fit({
      length,
      counter,
      fixed: counter.count(around) + needles.reduce((sum, { text }) => sum + counter.count(` ${text}`), 0),
      piece: (number) => ` ${sentences[at(number)]}`,
      cost: (number) => costs[at(number)]!,
      compose(pieces, tail) {
        const total = pieces + (tail === '' ? 0 : 1)
        const parts: string[] = []
        const starts: number[] = []
        let size = 0
        let next = 0
        const add = (text: string): number => {
          const start = size === 0 ? 0 : size + 1
          parts.push(text)
          size = start + text.length
          return start
        }
        for (let piece = 0; piece <= total; piece++) {
          for (; next < order.length && Math.round(needles[order[next]!]!.depth * total) <= piece; next++)
            starts[order[next]!] = add(needles[order[next]!]!.text)
          if (piece < pieces) add(sentences[at(piece)]!)
          else if (piece < total) add(tail.trim())
        }
        const text = parts.join(' ')
        return { made: { text, starts }, prompt: () => `${around}${text}` }
      },
    })
    const source = await makeSource({ uri: `${name}.txt`, text: made.text, mediaType: 'text/plain' })
    const spans = needles.map(
      ({ text }, index): Span => ({
        source: source.id,
        start: made.starts[index]!,
        end: made.starts[index]! + text.length,
      }),
    )
    return { corpus: { id: name, sources: [source] }, source, spans, tokens }
  }
}
