import type { Chunk, OutlineKind, OutlineNode, Source } from './contract.ts'
import { FoveaError } from './errors.ts'
import { estimateFine } from './estimate.ts'
import { buildTree, isTurn, preOrder, type Tree } from './outline.ts'
import { eachParagraph, isHeading, levels, pieceEnd } from './pieces.ts'
import { skipSpace, trimEnd } from './scan.ts'

export interface SplitOptions {
  /** Most tokens of a chunk. Default 256. */
  readonly size?: number
  /** Chunks below it, in tokens, join a neighbour of the same unit where one has room. Default an eighth of `size`. */
  readonly minimum?: number
  /** Tokens of `text` from `start` to `end`. Default the estimate of `estimateTokens`. */
  readonly estimate?: (text: string, start: number, end: number) => number
}

/** Tokens of a range; above `enough` any number above it will do. */
type Measure = (start: number, end: number, enough?: number) => number

interface Item {
  readonly start: number
  readonly end: number
  readonly tokens: number
  /** Belongs to what follows, as a heading does. */
  readonly glue: boolean
}

interface Header {
  readonly range: readonly [number, number]
  readonly tokens: number
}

interface Group {
  items: Item[]
  sum: number
  limit: number
  /** The unit that its first item stands in. */
  scope: number
  header: Header | undefined
}

/** Fills groups of items up to the size, in order; a finished group waits until the one after it is known. */
class Packer {
  readonly chunks: Chunk[] = []
  /** What the following items belong to. */
  scope = -1
  header: Header | undefined
  prose = true
  #last: Group | undefined
  #group: Group
  readonly #text: string
  readonly #size: number
  readonly #minimum: number
  readonly #measure: Measure
  readonly #locate: (start: number, end: number) => number | undefined

  constructor(
    text: string,
    size: number,
    minimum: number,
    measure: Measure,
    locate: (start: number, end: number) => number | undefined,
  ) {
    this.#text = text
    this.#size = size
    this.#minimum = minimum
    this.#measure = measure
    this.#locate = locate
    this.#group = { items: [], sum: 0, limit: size, scope: -1, header: undefined }
  }

  /** Adds the trimmed text from `start` to `end`; `level` says how far it is cut, `whole` that a heading may not cut it. */
  add(start: number, end: number, glue: boolean, level: number, whole: boolean, known?: number): void {
    const { items, sum, limit } = this.#group
    const fresh = this.#freshLimit(start)
    const lead = items.length > 0 ? Math.min(items.at(-1)!.end, start) : start
    const joined = this.#cost(lead, start, end, known)
    if (sum + joined <= (items.length > 0 ? limit : fresh)) {
      this.#push({ start, end, tokens: joined, glue })
      return
    }
    const alone = lead === start ? joined : this.#cost(start, start, end, known)
    if (alone <= fresh) {
      const carried = glue && this.#allGlue() ? [] : this.#takeGlue()
      this.flush()
      for (const heading of carried) this.#push(heading)
      if (carried.length > 0) {
        const tokens = this.#cost(Math.min(carried.at(-1)!.end, start), start, end, known)
        if (this.#group.sum + tokens <= this.#group.limit) return void this.#push({ start, end, tokens, glue })
        if (!whole && level < levels.word) return void this.#cut(start, end, level)
        this.flush()
      }
      this.#push({ start, end, tokens: alone, glue })
    } else if (level >= levels.character || end - start <= 1) {
      this.flush()
      this.#push({ start, end, tokens: alone, glue })
    } else {
      this.open()
      this.#cut(start, end, level)
    }
  }

  /** Ends the group in hand, first filling it from the one before when it is too small. */
  flush(): void {
    const group = this.#group
    if (group.items.length === 0) return
    const last = this.#last
    if (last && group.sum < this.#minimum && last.scope === group.scope) this.#level(last, group)
    this.#emit(last)
    this.#last = group
    this.#group = { items: [], sum: 0, limit: this.#size, scope: this.scope, header: undefined }
  }

  /** Begins a unit larger than the size: what stands before it stays apart unless it is a heading or too small. */
  open(): void {
    if (this.#group.sum < this.#minimum) return
    const carried = this.#takeGlue()
    this.flush()
    for (const heading of carried) this.#push(heading)
  }

  /** Ends a unit larger than the size. */
  close(): void {
    if (this.#group.sum >= this.#minimum || this.#last?.scope === this.#group.scope) this.flush()
  }

  /** Keeps what came before apart from what follows, headings excepted. */
  seal(): void {
    const carried = this.#takeGlue()
    this.flush()
    this.#emit(this.#last)
    this.#last = undefined
    for (const heading of carried) this.#push(heading)
  }

  finish(): Chunk[] {
    this.flush()
    this.#emit(this.#last)
    return this.chunks
  }

  /** Most tokens of a group that begins at `start`. */
  #freshLimit(start: number): number {
    const header = this.header
    return header && start > header.range[0] && header.tokens * 2 <= this.#size
      ? this.#size - header.tokens
      : this.#size
  }

  /** Tokens of `start` to `end` with the white space from `lead` on, counted as far as the size. */
  #cost(lead: number, start: number, end: number, known: number | undefined): number {
    if (known === undefined) return this.#measure(lead, end, this.#size)
    return lead < start ? known + this.#measure(lead, start, this.#size) : known
  }

  #push(item: Item): void {
    const group = this.#group
    if (group.items.length === 0) {
      group.limit = this.#freshLimit(item.start)
      group.scope = this.scope
      group.header = this.header && item.start > this.header.range[0] ? this.header : undefined
    }
    group.items.push(item)
    group.sum += item.tokens
  }

  #allGlue(): boolean {
    return this.#group.items.every((item) => item.glue)
  }

  /** Takes the headings off the end of the group in hand. */
  #takeGlue(): Item[] {
    const { items } = this.#group
    let from = items.length
    while (from > 0 && items[from - 1]!.glue) from--
    const taken = items.splice(from)
    for (const item of taken) this.#group.sum -= item.tokens
    if (items.length === 0) this.#group.sum = 0
    return taken
  }

  #cut(start: number, end: number, level: number): void {
    const text = this.#text
    const next = level === levels.paragraph && !this.prose ? levels.line : level + 1
    const longest = Math.max(1, Math.min(32, this.#size >> 3))
    for (let at = start; at < end; ) {
      const stop = pieceEnd(text, at, end, next, longest)
      this.add(at, trimEnd(text, at, stop), false, next, false)
      at = skipSpace(text, stop, end)
    }
  }

  /** Moves items from the end of `from` to the start of `to` until they are about equal. */
  #level(from: Group, to: Group): void {
    const moved: Item[] = []
    while (from.items.length > 1) {
      const { tokens, glue } = from.items.at(-1)!
      const [less, more] = [from.sum - tokens, to.sum + tokens]
      const better = more <= less || (to.sum < this.#minimum && less >= this.#minimum)
      if (more > to.limit || !(glue || better)) break
      moved.push(from.items.pop()!)
      from.sum = less
      to.sum = more
    }
    to.items = moved.reverse().concat(to.items)
  }

  #emit(group: Group | undefined): void {
    if (!group || group.items.length === 0) return
    const start = group.items[0]!.start
    const end = group.items.at(-1)!.end
    const node = this.#locate(start, end)
    this.chunks.push({
      start,
      end,
      ...(node === undefined ? {} : { node }),
      ...(group.header && group.header.range[0] < start ? { header: group.header.range } : {}),
      tokens: Math.max(1, Math.ceil(group.sum - 1e-6)),
    })
    group.items = []
  }
}

/** Finds the smallest enclosing unit of ranges that come in order, in one pass over the outline. */
function locator(outline: readonly OutlineNode[]): (start: number, end: number) => number | undefined {
  const order = preOrder(outline)
  const open: number[] = []
  let at = 0
  return (start, end) => {
    while (at < order.length && outline[order[at]!]!.start <= start) {
      while (open.length > 0 && outline[open.at(-1)!]!.end <= outline[order[at]!]!.start) open.pop()
      open.push(order[at++]!)
    }
    while (open.length > 0 && outline[open.at(-1)!]!.end < end) open.pop()
    return open.at(-1)
  }
}

const lineKinds: readonly OutlineKind[] = ['function', 'class', 'statement', 'definition']
const headedKinds: readonly OutlineKind[] = ['section', 'chapter', 'slide', 'sheet']
const lineTypes =
  /^(?:text\/(?:x-|css|csv|tab-|javascript|xml)|application\/(?:.*\+)?(?:json|xml|ya?ml|x-|javascript|typescript|toml|sql))/

interface Frame {
  /** Place in the tree, -1 for the whole text. */
  readonly node: number
  readonly end: number
  readonly prose: boolean
  readonly sealed: boolean
  readonly last: number
  cursor: number
  child: number
  header: Header | undefined
}

function walk(text: string, tree: Tree, packer: Packer, size: number, prose: boolean): void {
  const root: Frame = {
    node: -1,
    end: text.length,
    prose,
    sealed: false,
    last: tree.nodes.length,
    cursor: 0,
    child: 0,
    header: undefined,
  }
  const frames = [root]
  const enter = (frame: Frame): void => {
    packer.scope = frame.node
    packer.header = frame.header
    packer.prose = frame.prose
  }
  const gap = (frame: Frame, end: number): void => {
    const node = tree.nodes[frame.node]
    const opens = node && headedKinds.includes(node.kind) && frame.cursor === tree.starts[frame.node]
    const first = opens ? skipSpace(text, frame.cursor, end) : -1
    eachParagraph(text, frame.cursor, end, frame.prose, (from, to) => {
      packer.add(from, to, frame.prose && isHeading(text, from, to, from === first), levels.paragraph, false)
    })
    frame.cursor = end
  }
  while (frames.length > 0) {
    const frame = frames.at(-1)!
    enter(frame)
    if (frame.child >= frame.last) {
      gap(frame, frame.end)
      frames.pop()
      if (frame.sealed) packer.seal()
      else if (frames.length > 0) packer.close()
      continue
    }
    const child = frame.child
    frame.child = tree.next[child]!
    const { kind } = tree.nodes[child]!
    const [begin, stop] = [tree.starts[child]!, tree.ends[child]!]
    if (begin > frame.cursor) gap(frame, begin)
    frame.cursor = stop
    const from = skipSpace(text, begin, stop)
    const to = trimEnd(text, from, stop)
    if (from >= to) continue
    const tokens = tree.tokens[child]!
    const sealed = isTurn(kind)
    if (sealed) packer.seal()
    if (tokens <= size && tree.talks[child] === 0) {
      packer.add(from, to, kind === 'header', levels.paragraph, kind === 'atom' || kind === 'row' || sealed, tokens)
      if (kind === 'header') frame.header = { range: [from, to], tokens }
      if (sealed) packer.seal()
      continue
    }
    if (kind === 'header') frame.header = { range: [from, to], tokens }
    if (!sealed) packer.open()
    const fenced = kind === 'atom' && /^[`~]{3}/.test(text.slice(from, from + 3))
    frames.push({
      node: child,
      end: stop,
      prose: frame.prose && !fenced && !lineKinds.includes(kind),
      sealed,
      last: frame.child,
      cursor: begin,
      child: child + 1,
      header: kind === 'header' ? undefined : frame.header,
    })
  }
}

/**
 * Cuts a source into chunks of at most `size` tokens along its structure: units of the outline first (small neighbours
 * together, each turn by itself, table rows in groups with their header, headings with their text, pages ignored), then
 * paragraphs, sentences or lines of code, words, characters.
 *
 * Chunks are in order, do not overlap, begin and end with visible characters and together hold all of them; a row group
 * and its `header` together keep to the size where the header takes at most half of it. Only a single character (as a
 * reader sees it) can be larger than the size. Throws `option-invalid`.
 */
export function split(source: Pick<Source, 'text' | 'outline' | 'mediaType'>, options: SplitOptions = {}): Chunk[] {
  const { text, outline = [], mediaType } = source
  const { size = 256, estimate } = options
  const minimum = options.minimum ?? Math.floor(size / 8)
  if (!(Number.isInteger(size) && size >= 1))
    throw new FoveaError('option-invalid', `size ${size} is no size of a chunk; give a whole number of tokens from 1`)
  if (!(minimum >= 0 && minimum <= size))
    throw new FoveaError('option-invalid', `minimum ${minimum} must lie between 0 and the size, ${size}`)
  const measure: Measure = estimate
    ? (start, end) => estimate(text, start, end)
    : (start, end, enough = Number.POSITIVE_INFINITY) => estimateFine(text, start, end, enough * 1000) / 1000
  const packer = new Packer(text, size, minimum, measure, locator(outline))
  walk(text, buildTree(text, outline, measure), packer, size, !lineTypes.test(mediaType))
  return packer.finish()
}
