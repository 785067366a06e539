import { type Span, splitsPair } from '../../core/index.ts'
import type { Run } from './run.ts'
import type { Piece } from './searching.ts'

/** All sources of a request as one text, in order, with the way back from its offsets (UTF-16) to spans. */
export class WholeText {
  readonly length: number
  readonly #parts: readonly {
    readonly at: number
    readonly source: string
    readonly uri: string
    readonly text: string
  }[]

  private constructor(parts: WholeText['sources']) {
    this.#parts = parts
    const last = parts.at(-1)
    this.length = last ? last.at + last.text.length : 0
  }

  /** Loads texts of at most so many UTF-16 units together; a source beyond it is a gap. */
  static async load(run: Run, most: number): Promise<WholeText> {
    const parts: WholeText['sources'][number][] = []
    let at = 0
    for await (const { id, length, uri } of run.parts.store.sources(run.request.filter)) {
      const span = { source: id, start: 0, end: length }
      if (at + length > most) {
        run.missed({ spans: [span], why: `more than ${most} characters` })
        continue
      }
      parts.push({ at, source: id, uri, text: await run.parts.texts.slice(span, run.signal) })
      at += length
    }
    return new WholeText(parts)
  }

  get sources(): readonly {
    readonly at: number
    readonly source: string
    readonly uri: string
    readonly text: string
  }[] {
    return this.#parts
  }

  /** What stands between two offsets, source by source; ends that would part a surrogate pair are moved in. */
  pieces(start: number, end: number): Piece[] {
    return this.#parts.flatMap(({ at, source, text }) => {
      let [from, to] = [Math.max(0, Math.floor(start) - at), Math.min(text.length, Math.floor(end) - at)]
      if (splitsPair(text, from)) from++
      if (splitsPair(text, to)) to--
      return from < to ? [{ span: { source, start: from, end: to }, text: text.slice(from, to) }] : []
    })
  }

  /** The offset of a span's first character; -1 for a source that is not here. */
  offsetOf({ source, start }: Span): number {
    const part = this.#parts.find((candidate) => candidate.source === source)
    return part ? part.at + start : -1
  }

  /** Offsets where words stand as written, at most so many. */
  find(words: string, most: number): number[] {
    const found: number[] = []
    if (words === '') return found
    for (const { at, text } of this.#parts)
      for (let from = text.indexOf(words); from !== -1 && found.length < most; from = text.indexOf(words, from + 1))
        found.push(at + from)
    return found
  }
}
