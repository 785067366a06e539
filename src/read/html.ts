import type { Anchor, OutlineNode } from '../core/index.ts'
import { type HtmlEvent, parseHtml } from './adapters/htmlparser2.ts'
import { PlaceCursor } from './cursor.ts'
import type { Decoded } from './decode.ts'
import { chooseMain } from './html/main.ts'
import { HtmlWriter } from './html/writer.ts'

export interface HtmlText {
  readonly text: string
  readonly outline: readonly OutlineNode[]
  /** From offsets of `text` to places in the document's own text. */
  readonly anchors: readonly Anchor[]
  readonly title?: string
  readonly language?: string
  /** Milliseconds since 1970: when the page says it was published or changed. */
  readonly time?: number
}

export interface HtmlOptions {
  /** Deepest nesting of elements. */
  readonly depth: number
  /** Called past that depth; must throw. */
  readonly tooDeep: () => never
  /** Take the whole body rather than its main part. Default false. */
  readonly whole?: boolean
}

/** The readable text of an HTML document, with its headings, lists and tables, each run traced to the decoded document. */
export function htmlText(decoded: Pick<Decoded, 'text' | 'encoding' | 'anchors'>, options: HtmlOptions): HtmlText {
  const { events, titles } = parseHtml(decoded.text, options.depth, options.tooDeep)
  const { range, dropped } = chooseMain(events, options.whole ?? false)
  const writer = new HtmlWriter(decoded.text, new PlaceCursor(decoded))
  for (let at = range[0]; at < range[1]; at++) {
    const event = events[at]!
    if ('text' in event) writer.text(event.text)
    else if ('close' in event) writer.close(event.close)
    else if (dropped.has(event.open)) {
      writer.gap()
      at = event.open.last
    } else writer.open(event.open, events)
  }
  const facts = documentFacts(events)
  const title = (titles.join('').replace(/\s+/g, ' ').trim() || facts.title) ?? writer.heading
  return {
    ...writer.finish(),
    ...(title ? { title } : {}),
    ...(facts.language ? { language: facts.language } : {}),
    ...(facts.time === undefined ? {} : { time: facts.time }),
  }
}

function documentFacts(events: readonly HtmlEvent[]): { title?: string; language?: string; time?: number } {
  let title: string | undefined
  let language: string | undefined
  let time: number | undefined
  for (const event of events) {
    if (!('open' in event)) continue
    const { name, attributes } = event.open
    if (name === 'html') language = /^[a-z]{2,3}(?=[-_]|$)/i.exec(attributes.lang ?? attributes['xml:lang'] ?? '')?.[0]
    if (name === 'body') break
    if (name !== 'meta' || !attributes.content) continue
    const key = (attributes.property ?? attributes.name ?? '').toLowerCase()
    if (key === 'og:title') title = attributes.content.trim()
    if (key === 'article:published_time' || key === 'article:modified_time' || key === 'date') {
      const parsed = Date.parse(attributes.content)
      if (!Number.isNaN(parsed)) time = parsed
    }
  }
  return {
    ...(title ? { title } : {}),
    ...(language ? { language: language.toLowerCase() } : {}),
    ...(time === undefined ? {} : { time }),
  }
}
