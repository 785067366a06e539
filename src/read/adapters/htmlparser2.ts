import { Parser } from 'htmlparser2'

export interface HtmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly parent: HtmlElement | undefined
  /** Offset of the tag in the text. */
  readonly start: number
  /** Index of the first event inside, and of its closing event. */
  readonly first: number
  last: number
  /** Characters of text inside that are not white space, and those of them inside links. */
  letters: number
  linked: number
}

/** A run of text: `data` is decoded; `start` and `end` are its offsets in the text. */
export interface HtmlText {
  readonly data: string
  readonly start: number
  readonly end: number
}

export type HtmlEvent = { readonly open: HtmlElement } | { readonly close: HtmlElement } | { readonly text: HtmlText }

/** Elements whose text nobody reads. */
const silent = new Set([
  'script',
  'style',
  'template',
  'title',
  'svg',
  'math',
  'object',
  'iframe',
  'canvas',
  'datalist',
])

/** The elements and runs of text of an HTML document in its order. `tooDeep` must throw: it is called past `depth` open elements. */
export function parseHtml(
  html: string,
  depth: number,
  tooDeep: () => never,
): { readonly events: readonly HtmlEvent[]; readonly titles: readonly string[] } {
  const events: HtmlEvent[] = []
  const open: HtmlElement[] = []
  const titles: string[] = []
  let muted = 0
  let links = 0
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (open.length >= depth) tooDeep()
        const element: HtmlElement = {
          name,
          attributes,
          parent: open.at(-1),
          start: parser.startIndex,
          first: events.length + 1,
          last: -1,
          letters: 0,
          linked: 0,
        }
        open.push(element)
        events.push({ open: element })
        if (silent.has(name)) muted++
        if (name === 'a') links++
      },
      onclosetag(name) {
        // A tag that the document ends in is closed without having been opened.
        if (open.at(-1)?.name !== name) return
        const element = open.pop()!
        element.last = events.length
        events.push({ close: element })
        if (silent.has(name)) muted--
        if (name === 'a') links--
        if (element.parent) {
          element.parent.letters += element.letters
          element.parent.linked += element.linked
        }
      },
      ontext(data) {
        const top = open.at(-1)
        if (top?.name === 'title') titles.push(data)
        if (muted > 0) return
        events.push({ text: { data, start: parser.startIndex, end: parser.endIndex + 1 } })
        if (!top) return
        let letters = 0
        for (let at = 0; at < data.length; at++) if (data.charCodeAt(at) > 32) letters++
        top.letters += letters
        if (links > 0) top.linked += letters
      },
    },
    // Pages saved as XHTML close empty elements so, and no page means otherwise.
    { recognizeSelfClosing: true },
  )
  parser.end(html)
  return { events, titles }
}
