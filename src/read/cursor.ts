import { type Anchor, advance, anchorIndex, type Place } from '../core/index.ts'
import type { Decoded } from './decode.ts'

/** Places of offsets in a decoded text; rising ones are each found from the one before. */
export class PlaceCursor {
  readonly #decoded: Pick<Decoded, 'text' | 'encoding' | 'anchors'>
  #next = 1
  #at: Anchor

  constructor(decoded: Pick<Decoded, 'text' | 'encoding' | 'anchors'>) {
    this.#decoded = decoded
    this.#at = decoded.anchors[0]!
  }

  place(offset: number): Place {
    const { text, encoding, anchors } = this.#decoded
    if (offset < this.#at.at) {
      this.#next = anchorIndex(anchors, offset) + 1
      this.#at = anchors[this.#next - 1]!
    }
    for (; this.#next < anchors.length && anchors[this.#next]!.at <= offset; this.#next++)
      this.#at = anchors[this.#next]!
    const place = advance(this.#at, text.slice(this.#at.at, offset), encoding)
    this.#at = { ...place, at: offset, linear: true }
    return place
  }
}
