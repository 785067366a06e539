import { attribute } from '../../adapters/xml.ts'
import type { OfficePackage } from '../../ooxml.ts'

/** What the style of a paragraph says of it. */
export interface ParagraphStyle {
  /** 1 to 9 for a heading, 0 for the document's title. */
  readonly level?: number
  readonly list?: { readonly id?: string; readonly depth?: number }
  /** A line of program text. */
  readonly code?: boolean
}

interface Draft {
  name: string
  basedOn?: string
  outline?: number
  list?: { id?: string; depth?: number }
}

/** Styles by id; a heading is known by its outline level or by the name `heading 1` of it or of what it is based on. */
export function readStyles(office: OfficePackage, part: string): ReadonlyMap<string, ParagraphStyle> {
  const drafts = new Map<string, Draft>()
  let style: Draft | undefined
  office.parse(part, {
    open(name, attributes) {
      const value = attribute(attributes, 'val')
      if (name === 'style') {
        style = { name: '' }
        const id = attribute(attributes, 'styleId')
        if (id !== undefined && attribute(attributes, 'type') !== 'character') drafts.set(id, style)
      } else if (!style || value === undefined) return
      else if (name === 'name') style.name = value
      else if (name === 'basedOn') style.basedOn = value
      else if (name === 'outlineLvl') style.outline = Number(value)
      else if (name === 'numId') style.list = { ...style.list, id: value }
      else if (name === 'ilvl') style.list = { ...style.list, depth: Number(value) }
    },
    close(name) {
      if (name === 'style') style = undefined
    },
  })
  const styles = new Map<string, ParagraphStyle>()
  for (const id of drafts.keys()) styles.set(id, resolve(drafts, id))
  return styles
}

function resolve(drafts: ReadonlyMap<string, Draft>, id: string): ParagraphStyle {
  let level: number | undefined
  let list: Draft['list']
  let code = false
  let at: string | undefined = id
  for (let steps = 0; at !== undefined && steps < 32; steps++) {
    const draft = drafts.get(at)
    if (!draft) break
    level ??= ownLevel(draft)
    code ||= /preformatted|source ?code|^code|verbatim|listing/i.test(draft.name) && !/caption/i.test(draft.name)
    if (draft.list) list = { ...draft.list, ...list }
    at = draft.basedOn
  }
  return {
    ...(level === undefined || level > 9 ? {} : { level }),
    ...(list ? { list } : {}),
    ...(code ? { code } : {}),
  }
}

function ownLevel({ name, outline }: Draft): number | undefined {
  if (outline !== undefined) return outline >= 0 && outline <= 8 ? outline + 1 : 10
  const heading = /^(?:heading|überschrift|titre|título|titolo|kop|rubrik|заголовок)\s*([1-9])$/i.exec(name)
  if (heading) return Number(heading[1])
  return /^title$/i.test(name) ? 0 : undefined
}
