import type { Anchor, OutlineNode } from '../../core/index.ts'
import type { HtmlElement, HtmlEvent, HtmlText } from '../adapters/htmlparser2.ts'
import type { PlaceCursor } from '../cursor.ts'
import { OutlineBuilder } from '../outline.ts'

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '))
/** A blank line stands around these, a line end around the others. */
const apart = names(
  'p h1 h2 h3 h4 h5 h6 ul ol dl table pre blockquote article section main figure details hr form fieldset',
)
const blocks = names(
  'address body caption center dd div dt figcaption footer header html legend li nav option summary tbody td tfoot th thead tr optgroup select',
)
/** Inline elements that part no word: letters in bold within one. */
const tight = names(
  'b strong i em u s sub sup mark code font small big tt kbd var ins del strike abbr acronym bdi bdo ruby rb rt rp wbr samp q cite dfn',
)
const headings = names('h1 h2 h3 h4 h5 h6')

/** What is to stand between the text so far and the text to come. */
type Break = 0 | 1 | 2 | 3
const nothing: Break = 0
const space: Break = 1
const line: Break = 2
const blankLine: Break = 3

interface Unit {
  readonly element: HtmlElement
  begin(at: number): void
  begun: boolean
}

/** Writes readable text from a document's events and keeps where each run came from. */
export class HtmlWriter {
  /** The first heading of the lowest rank. */
  heading: string | undefined
  readonly #source: string
  readonly #cursor: PlaceCursor
  readonly #outline = new OutlineBuilder()
  readonly #anchors: Anchor[] = []
  readonly #written: string[] = []
  #length = 0
  #break: Break = nothing
  /** Offset in the document that the next character stands for when it needs no anchor. */
  #follows = -1
  #units: Unit[] = []
  #prefix = ''
  #table: HtmlElement | undefined
  #cells = 0
  #pre = 0
  #item: HtmlElement | undefined
  #code = 0
  /** Whether inline elements meet here without white space: 1 within a word maybe, 2 side by side. */
  #seam = 0
  readonly #numbers: number[] = []
  #rank = Number.POSITIVE_INFINITY

  constructor(source: string, cursor: PlaceCursor) {
    this.#source = source
    this.#cursor = cursor
  }

  /** Something was left out here. */
  gap(): void {
    this.#ask(space)
  }

  open(element: HtmlElement, events: readonly HtmlEvent[]): void {
    const { name } = element
    if (name === 'br') this.#ask(this.#table ? space : line, true)
    else if (apart.has(name)) this.#ask(blankLine)
    else if (blocks.has(name)) this.#ask(line)
    else if (this.#seam > 0 && !tight.has(name)) this.#seam = 2
    if (name === 'code') this.#code++
    if (this.#table) this.#openInTable(element, events)
    else if (name === 'table' && isDataTable(element, events)) {
      this.#table = element
      this.#wait(element, (at) => this.#outline.open('table', at))
    } else if (headings.has(name)) this.#openHeading(element, events)
    else if (name === 'ol' || name === 'ul')
      this.#numbers.push(name === 'ol' ? Number(element.attributes.start ?? 1) : -1)
    else if (name === 'li') this.#openItem(element, events)
    else if (name === 'pre' && !this.#item) this.#wait(element, (at) => this.#outline.open('atom', at))
    if (name === 'pre' && !this.#table) this.#pre++
  }

  close(element: HtmlElement): void {
    const { name } = element
    if (name === 'pre' && !this.#table) this.#pre--
    if ((name === 'ol' || name === 'ul') && !this.#table) this.#numbers.pop()
    if (name === 'li' && this.#prefix !== '' && !this.#table) this.#prefix = ''
    const unit = this.#units.findLast((candidate) => candidate.element === element)
    if (unit) {
      this.#units.splice(this.#units.indexOf(unit), 1)
      if (unit.begun && !headings.has(name)) this.#outline.close(this.#length)
    }
    if (element === this.#table) this.#table = undefined
    if (element === this.#item) this.#item = undefined
    if (apart.has(name)) this.#ask(blankLine)
    else if (blocks.has(name)) this.#ask(line)
    else this.#seam = Math.max(this.#seam, tight.has(name) ? 1 : 2)
    if (name === 'code') this.#code--
  }

  text({ data, start, end }: HtmlText): void {
    if (this.#pre > 0) {
      const first = this.#break >= line && data.startsWith('\n') ? 1 : 0
      if (data.length > first) this.#put(data.slice(first), start + first, end)
      return
    }
    if (this.#seam === 2 && this.#code === 0 && parts(this.#last(), data)) this.#ask(space)
    this.#seam = 0
    const exact = data.length === end - start
    for (let at = 0; at < data.length; ) {
      let stop = at
      while (stop < data.length && isSpace(data.charCodeAt(stop))) stop++
      if (stop > at) this.#ask(space)
      at = stop
      while (stop < data.length && !isSpace(data.charCodeAt(stop))) stop++
      // Words of one line that stand one space apart go together.
      while (stop + 1 < data.length && data.charCodeAt(stop) === 32 && !isSpace(data.charCodeAt(stop + 1)))
        for (stop++; stop < data.length && !isSpace(data.charCodeAt(stop)); ) stop++
      if (stop > at) this.#put(data.slice(at, stop), exact ? start + at : start, exact ? start + stop : end)
      at = stop
    }
  }

  finish(): { text: string; outline: OutlineNode[]; anchors: Anchor[] } {
    return { text: this.#written.join(''), outline: this.#outline.finish(this.#length), anchors: this.#anchors }
  }

  #openHeading(element: HtmlElement, events: readonly HtmlEvent[]): void {
    const rank = Number(element.name[1])
    const title = innerText(element, events)
    if (title && rank < this.#rank) {
      this.#rank = rank
      this.heading = title
    }
    if (title && !this.#item) this.#wait(element, (at) => this.#outline.section(rank, at, { title }))
  }

  #openItem(element: HtmlElement, events: readonly HtmlEvent[]): void {
    const number = this.#numbers.at(-1) ?? -1
    if (number >= 0) this.#numbers[this.#numbers.length - 1] = number + 1
    const indent = '  '.repeat(Math.max(0, Math.min(8, this.#numbers.length - 1)))
    this.#prefix = `${indent}${number >= 0 ? `${number}.` : '-'} `
    if (this.#item || holds(element, events, headings)) return
    this.#item = element
    this.#wait(element, (at) => this.#outline.open('atom', at))
  }

  #openInTable(element: HtmlElement, events: readonly HtmlEvent[]): void {
    const { name } = element
    if (name === 'tr') {
      this.#cells = 0
      const kind = isHeaderRow(element, events) ? 'header' : 'row'
      this.#wait(element, (at) => this.#outline.open(kind, at))
    } else if (name === 'td' || name === 'th') {
      // An empty cell in front is told from none by its bar.
      if (this.#cells++ > 0) this.#bar(element.start)
    }
  }

  #bar(at: number): void {
    if (this.#break >= line && this.#cells === 2) this.#flush(at)
    this.#break = nothing
    this.#write(this.#length > 0 && this.#last() === '\n' ? '| ' : ' | ', at, -1)
  }

  #last(): string {
    return this.#written.at(-1)?.at(-1) ?? ''
  }

  /** Inside a row, blocks are told apart by spaces. */
  #ask(wanted: Break, force = false): void {
    const inRow = this.#table !== undefined && this.#cells > 0
    const asked = inRow && wanted >= line && !force ? space : wanted
    if (asked > this.#break) this.#break = asked
  }

  #wait(element: HtmlElement, begin: (at: number) => void): void {
    this.#units.push({ element, begin, begun: false })
  }

  /** Writes what is to stand in front of the next characters, and begins the units that wait for them. */
  #flush(at: number): void {
    const wanted = this.#length === 0 ? nothing : this.#break
    this.#break = nothing
    if (wanted === space) {
      const last = this.#last()
      if (last !== ' ' && last !== '\n') this.#write(' ', -1, -1)
    } else if (wanted === line) this.#write('\n', -1, -1)
    else if (wanted === blankLine) this.#write('\n\n', at, -1)
    for (const unit of this.#units) {
      if (unit.begun) continue
      unit.begin(this.#length)
      unit.begun = true
    }
    if (this.#prefix) this.#write(this.#prefix, at, -1)
    this.#prefix = ''
  }

  #put(data: string, start: number, end: number): void {
    this.#flush(start)
    this.#write(data, start, data === this.#source.slice(start, end) ? end : -1)
  }

  /** `end` is -1 for characters that stand in the document otherwise or not at all, `start` -1 for no anchor. */
  #write(data: string, start: number, end: number): void {
    if (start >= 0 && !(end >= 0 && start === this.#follows))
      this.#anchors.push({ ...this.#cursor.place(start), at: this.#length, ...(end >= 0 ? { linear: true } : {}) })
    this.#written.push(data)
    this.#length += data.length
    this.#follows = end
    if (start === -1 && data === ' ') this.#follows = -1
  }
}

const signs = /[\p{L}\p{N}\p{S}\p{P}]/u
const openers = /[([{¿¡«“‘$€£/]/
const begins = /^[\p{Lu}\p{Lo}\p{N}\p{Sc}([¿¡«“+#@]|^\p{Ll}+\p{Lu}/u

/** True when two words stand side by side in elements of their own: the second goes on in no small letter or sign. */
const parts = (last: string, next: string): boolean =>
  (signs.test(last) && !openers.test(last) && begins.test(next)) || (/[\p{N})\]]/u.test(last) && /^\p{L}/u.test(next))

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13)

function innerText(element: HtmlElement, events: readonly HtmlEvent[]): string {
  let text = ''
  for (let at = element.first; at < element.last && text.length < 1000; at++) {
    const event = events[at]!
    if ('text' in event) text += event.text.data
    else if ('open' in event && blocks.has(event.open.name)) text += ' '
  }
  return text.replace(/\s+/g, ' ').trim()
}

function holds(element: HtmlElement, events: readonly HtmlEvent[], wanted: ReadonlySet<string>): boolean {
  for (let at = element.first; at < element.last; at++) {
    const event = events[at]!
    if ('open' in event && wanted.has(event.open.name)) return true
  }
  return false
}

/** Tables that only lay a page out hold other tables or have no row of two cells. */
function isDataTable(table: HtmlElement, events: readonly HtmlEvent[]): boolean {
  if (table.attributes.role === 'presentation' || table.attributes.role === 'none') return false
  let cells = 0
  let most = 0
  for (let at = table.first; at < table.last; at++) {
    const event = events[at]!
    if (!('open' in event)) continue
    const { name } = event.open
    if (name === 'table') return false
    if (name === 'tr') cells = 0
    if (name === 'td' || name === 'th') most = Math.max(most, ++cells)
  }
  return most > 1
}

function isHeaderRow(row: HtmlElement, events: readonly HtmlEvent[]): boolean {
  if (row.parent?.name === 'thead') return true
  let heads = 0
  for (let at = row.first; at < row.last; at++) {
    const event = events[at]!
    if (!('open' in event)) continue
    if (event.open.name === 'td') return false
    if (event.open.name === 'th') heads++
  }
  return heads > 1
}
