import { attribute, parseXml } from '../../adapters/xml.ts'
import type { ComposedCell, Composer } from '../../compose.ts'
import type { ReadContext, ReadInput } from '../../contract.ts'
import { cellText } from '../../ooxml.ts'

export interface ChapterPart {
  readonly part: string
  readonly title?: string
  /** Depth in the table of contents, from 1. */
  readonly depth: number
  readonly bytes: Uint8Array
}

type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string; readonly line: number }
  | { readonly kind: 'text' | 'item' | 'code'; readonly text: string; readonly line: number }
  | { readonly kind: 'table'; readonly rows: readonly Row[] }
interface Row {
  readonly header: boolean
  readonly cells: { text: string; line: number }[]
}

const skipped = new Set(['head', 'script', 'style', 'template', 'rt', 'rp', 'noscript', 'annotation'])
const inline = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark q rb ruby s samp small span strike strong sub sup svg time tt u var wbr'.split(
    ' ',
  ),
)

/** Sections of headings lie within their chapter, whatever its depth. */
const headingRank = 100

/** Writes one document of a book as a chapter, titled by the table of contents, else by its first heading. */
export function writeChapter(composer: Composer, input: ReadInput, context: ReadContext, chapter: ChapterPart): void {
  const { part, depth } = chapter
  const blocks = readBlocks(input, context, part, chapter.bytes)
  if (blocks.length === 0) return
  const heading = blocks.find((block) => block.kind === 'heading')
  const title = chapter.title ?? (heading ? cellText(heading.text) : undefined)
  composer.separate('\n\n')
  composer.section(depth, title ? { title } : {}, 'chapter')
  let inList = false
  for (const block of blocks) {
    const item = block.kind === 'item'
    composer.separate(item && inList ? '\n' : '\n\n')
    inList = item
    if (block.kind === 'table') {
      writeTable(composer, block.rows, part)
      continue
    }
    const place = { part, line: block.line }
    if (block.kind === 'heading' && !(block === heading && title?.endsWith(block.text)))
      composer.section(headingRank + block.level, { title: cellText(block.text) })
    if (block.kind === 'item' || block.kind === 'code') composer.atom(block.text, place)
    else composer.write(block.text, place)
  }
}

function writeTable(composer: Composer, rows: readonly Row[], part: string): void {
  composer.open('table')
  for (const { header, cells } of rows) {
    const written: ComposedCell[] = cells.map(({ text, line }) => ({ text, place: { part, line } }))
    composer.row(written, header)
  }
  composer.close()
}

/** The blocks of an XHTML document: white space collapsed but in `pre`, lists with their markers. */
function readBlocks(input: ReadInput, context: ReadContext, part: string, bytes: Uint8Array): Block[] {
  const blocks: Block[] = []
  const lists: { ordered: boolean; next: number }[] = []
  let pieces: string[] = []
  let blank = true
  let line = 0
  let skip = 0
  let pre = 0
  let level = 0
  let marker = ''
  let rows: Row[] | undefined
  let row: Row | undefined
  let head = 0
  let tables = 0
  /** Where the mark of a note begins in `pieces`, or -1. */
  let note = -1

  const take = (): string => {
    const raw = pieces.join('')
    pieces = []
    blank = true
    if (pre > 0) return raw.replace(/^\n|\s+$/g, '')
    return raw
      .replace(/[^\S\n\u00a0]+/g, ' ')
      .replace(/ ?\n ?/g, '\n')
      .trim()
  }
  const flush = (): void => {
    const text = take()
    if (text === '') return
    const at = line
    if (row) row.cells.push({ text: cellText(text), line: at })
    else if (level > 0) blocks.push({ kind: 'heading', level, text: cellText(text), line: at })
    else if (pre > 0) blocks.push({ kind: 'code', text, line: at })
    else if (lists.length > 0) {
      const indent = '  '.repeat(Math.min(8, lists.length - 1))
      blocks.push({ kind: 'item', text: indent + (marker || '  ') + text, line: at })
      marker = ''
    } else blocks.push({ kind: 'text', text, line: at })
  }
  parseXml(
    input,
    context,
    part,
    bytes,
    {
      open(name, attributes) {
        if (skip > 0 || skipped.has(name)) {
          skip++
          return
        }
        if (name === 'br') pieces.push('\n')
        if (name === 'a' && attribute(attributes, 'type') === 'noteref') note = pieces.length
        if (name === 'br' || inline.has(name)) return
        if (row && name !== 'td' && name !== 'th') {
          if (name === 'table') tables++
          pieces.push(' ')
          return
        }
        flush()
        if (/^h[1-6]$/.test(name)) level = Number(name[1])
        else if (name === 'pre') pre++
        else if (name === 'ul' || name === 'ol')
          lists.push({ ordered: name === 'ol', next: Number(attributes.start ?? 1) || 1 })
        else if (name === 'li') {
          const list = lists.at(-1)
          marker = list?.ordered ? `${list.next++}. ` : '- '
        } else if (name === 'thead') head++
        else if (name === 'table') rows = []
        else if (name === 'tr') row = { header: head > 0, cells: [] }
        else if (name === 'th' && row && row.cells.length === 0 && (rows?.length ?? 0) === 0)
          row = { ...row, header: true }
        else if (name === 'td' && row && head === 0) row = { ...row, header: false }
      },
      close(name) {
        if (skip > 0) {
          skip--
          return
        }
        if (name === 'a' && note >= 0) {
          const mark = pieces.splice(note).join('').trim()
          if (mark) pieces.push(/^\d+$|^\*+$/.test(mark) ? `[${mark}]` : mark)
          note = -1
        }
        if (name === 'br' || inline.has(name)) return
        if (row && tables > 0) {
          if (name === 'table') tables--
          return
        }
        if (row && name !== 'td' && name !== 'th' && name !== 'tr') return
        if (row && (name === 'td' || name === 'th')) {
          row.cells.push({ text: cellText(take()), line })
          return
        }
        flush()
        if (/^h[1-6]$/.test(name)) level = 0
        else if (name === 'pre') pre--
        else if (name === 'ul' || name === 'ol') lists.pop()
        else if (name === 'thead') head--
        else if (name === 'tr' && row) {
          if (row.cells.some(({ text }) => text !== '')) rows?.push(row)
          row = undefined
        } else if (name === 'table' && rows) {
          if (rows.length > 0) blocks.push({ kind: 'table', rows })
          rows = undefined
        }
      },
      text(text, at) {
        if (skip > 0) return
        if (blank && /\S/.test(text)) {
          blank = false
          const lead = /^\s*/.exec(text)![0]
          line = at + (lead.match(/\n/g)?.length ?? 0)
        }
        pieces.push(pre > 0 ? text : text.replace(/\s*\n\s*/g, ' '))
      },
    },
    { html: true },
  )
  flush()
  return blocks
}
