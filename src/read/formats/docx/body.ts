import { attribute, type XmlAttributes } from '../../adapters/xml.ts'
import { isOn, type OfficePackage } from '../../ooxml.ts'
import type { ParagraphStyle } from './styles.ts'

export interface Paragraph {
  readonly kind: 'paragraph'
  /** Number of the paragraph in its part, from 1. */
  readonly line: number
  readonly text: string
  /** 1 to 9 for a heading, 0 for the document's title. */
  readonly level?: number
  readonly list?: { readonly id: string; readonly depth: number }
  /** A line of program text. */
  readonly code?: boolean
  readonly notes: readonly Citation[]
}

/** Where a footnote or an endnote is cited. */
export interface Citation {
  /** Kind and id of the note: `footnote:2`. */
  readonly key: string
  /** What stands in the text: `[1]`. */
  readonly mark: string
}

export interface Table {
  readonly kind: 'table'
  readonly rows: readonly TableRow[]
  /** The table's look marks its first row out. */
  readonly firstRow: boolean
}
export interface TableRow {
  readonly header: boolean
  readonly cells: readonly TableCell[]
}
export interface TableCell {
  /** Grid columns that the cell takes. */
  readonly columns: number
  readonly blocks: readonly Block[]
}
export type Block = Paragraph | Table

interface Draft {
  line: number
  text: string
  style?: string
  outline?: number
  listId?: string
  listDepth?: number
  notes: Citation[]
  /** Blocks of text boxes anchored in it, which stand behind it. */
  behind: Block[]
}

/** Parts of a document that are not its text: what was deleted, moved away, or is there for older programs. */
const skipped = new Set([
  'del',
  'moveFrom',
  'Fallback',
  'instrText',
  'delText',
  'delInstrText',
  'rubyPr',
  'rt',
  'pPrChange',
  'rPrChange',
])

/** The blocks of `word/document.xml` or of one note, in order. */
export function readBody(office: OfficePackage, part: string, styles: ReadonlyMap<string, ParagraphStyle>): Block[] {
  const blocks: Block[] = []
  const body = new BodyReader(styles, blocks)
  office.parse(part, body)
  return blocks
}

/** Footnotes or endnotes by `footnote:id`. */
export function readNotes(
  office: OfficePackage,
  part: string,
  kind: 'footnote' | 'endnote',
  styles: ReadonlyMap<string, ParagraphStyle>,
): Map<string, Block[]> {
  const notes = new Map<string, Block[]>()
  let body: BodyReader | undefined
  office.parse(part, {
    open(name, attributes) {
      if (name === kind) {
        const blocks: Block[] = []
        const type = attribute(attributes, 'type')
        if (type === undefined || type === 'normal') notes.set(`${kind}:${attribute(attributes, 'id')}`, blocks)
        body = new BodyReader(styles, blocks)
      } else body?.open(name, attributes)
    },
    close(name) {
      if (name === kind) body = undefined
      else body?.close(name)
    },
    text: (text) => body?.text(text),
  })
  return notes
}

class BodyReader {
  readonly #styles: ReadonlyMap<string, ParagraphStyle>
  /** Where blocks go: the body, a cell, or a text box; the innermost last. */
  readonly #targets: Block[][]
  readonly #paragraphs: Draft[] = []
  readonly #tables: {
    rows: { header: boolean; cells: { columns: number; blocks: Block[] }[] }[]
    firstRow: boolean
  }[] = []
  readonly #cited = new Map<string, number>()
  #line = 0
  #skip = 0
  #inText = 0
  #hidden = false
  #properties = 0

  constructor(styles: ReadonlyMap<string, ParagraphStyle>, blocks: Block[]) {
    this.#styles = styles
    this.#targets = [blocks]
  }

  open(name: string, attributes: XmlAttributes): void {
    if (this.#skip > 0 || skipped.has(name)) {
      this.#skip++
      return
    }
    const paragraph = this.#paragraphs.at(-1)
    const table = this.#tables.at(-1)
    switch (name) {
      case 'p':
        this.#paragraphs.push({ line: ++this.#line, text: '', notes: [], behind: [] })
        break
      case 'pPr':
        this.#properties++
        break
      case 'r':
        this.#hidden = false
        break
      case 'vanish':
        if (this.#properties === 0) this.#hidden = isOn(attributes)
        break
      case 't':
        this.#inText++
        break
      case 'tab':
        if (this.#properties === 0) this.#add('\t')
        break
      case 'br':
        if ((attribute(attributes, 'type') ?? 'textWrapping') === 'textWrapping') this.#add('\n')
        break
      case 'cr':
        this.#add('\n')
        break
      case 'noBreakHyphen':
        this.#add('\u2011')
        break
      case 'sym':
        this.#add(symbol(attribute(attributes, 'char')))
        break
      case 'footnoteReference':
      case 'endnoteReference':
        this.#cite(name === 'footnoteReference' ? 'footnote' : 'endnote', attribute(attributes, 'id'))
        break
      case 'pStyle':
        if (paragraph) paragraph.style = attribute(attributes, 'val') ?? ''
        break
      case 'outlineLvl':
        if (paragraph) paragraph.outline = Number(attribute(attributes, 'val'))
        break
      case 'numId':
        if (paragraph) paragraph.listId = attribute(attributes, 'val') ?? '0'
        break
      case 'ilvl':
        if (paragraph) paragraph.listDepth = Number(attribute(attributes, 'val') ?? 0)
        break
      case 'tbl':
        this.#tables.push({ rows: [], firstRow: false })
        break
      case 'tblLook':
        if (table) table.firstRow = looksAtFirstRow(attributes)
        break
      case 'tr':
        table?.rows.push({ header: false, cells: [] })
        break
      case 'tblHeader': {
        const row = table?.rows.at(-1)
        if (row) row.header = isOn(attributes)
        break
      }
      case 'tc': {
        const blocks: Block[] = []
        table?.rows.at(-1)?.cells.push({ columns: 1, blocks })
        this.#targets.push(blocks)
        break
      }
      case 'gridSpan': {
        const cell = table?.rows.at(-1)?.cells.at(-1)
        if (cell) cell.columns = Math.max(1, Math.min(64, Number(attribute(attributes, 'val')) || 1))
        break
      }
      case 'txbxContent':
        this.#targets.push(paragraph?.behind ?? [])
        break
    }
  }

  close(name: string): void {
    if (this.#skip > 0) {
      this.#skip--
      return
    }
    switch (name) {
      case 'p': {
        const draft = this.#paragraphs.pop()
        if (draft) this.#targets.at(-1)!.push(this.#finish(draft), ...draft.behind)
        break
      }
      case 'pPr':
        this.#properties--
        break
      case 'r':
        this.#hidden = false
        break
      case 't':
        this.#inText--
        break
      case 'tbl': {
        const table = this.#tables.pop()
        if (table) this.#targets.at(-1)!.push({ kind: 'table', ...table })
        break
      }
      case 'tc':
      case 'txbxContent':
        if (this.#targets.length > 1) this.#targets.pop()
        break
    }
  }

  text(text: string): void {
    if (this.#skip === 0 && this.#inText > 0) this.#add(text)
  }

  #add(text: string): void {
    const paragraph = this.#paragraphs.at(-1)
    if (paragraph && !this.#hidden) paragraph.text += text
  }

  #cite(kind: string, id: string | undefined): void {
    const paragraph = this.#paragraphs.at(-1)
    if (!paragraph || id === undefined) return
    const number = (this.#cited.get(kind) ?? 0) + 1
    this.#cited.set(kind, number)
    const mark = kind === 'footnote' ? `[${number}]` : `[e${number}]`
    paragraph.notes.push({ key: `${kind}:${id}`, mark })
    paragraph.text += mark
  }

  #finish(draft: Draft): Paragraph {
    const style = draft.style === undefined ? undefined : this.#styles.get(draft.style)
    const { line, text, notes } = draft
    const level = draft.outline === undefined ? style?.level : draft.outline <= 8 ? draft.outline + 1 : undefined
    const id = draft.listId ?? style?.list?.id
    const depth = draft.listDepth ?? style?.list?.depth ?? (level ? level - 1 : 0)
    return {
      kind: 'paragraph',
      line,
      text,
      notes,
      ...(level === undefined ? {} : { level }),
      ...(style?.code && level === undefined ? { code: true } : {}),
      ...(id === undefined || id === '0' ? {} : { list: { id, depth } }),
    }
  }
}

function looksAtFirstRow(attributes: XmlAttributes): boolean {
  const first = attribute(attributes, 'firstRow')
  if (first !== undefined) return first === '1' || first === 'true'
  return (Number.parseInt(attribute(attributes, 'val') ?? '0', 16) & 0x20) !== 0
}

/** A character of a symbol font; those of the private area that are plain characters moved there are moved back. */
function symbol(char: string | undefined): string {
  const code = Number.parseInt(char ?? '', 16)
  if (!(code > 0x1f && code < 0x110000)) return ''
  return String.fromCodePoint(code >= 0xf020 && code <= 0xf07e ? code - 0xf000 : code)
}
