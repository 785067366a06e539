import type { OutlineNode } from '../../core/index.ts'

/** A stretch of a Source, in UTF-16 offsets, that an answer takes whole; `prose` is divided further, into sentences. */
export interface Unit {
  readonly kind: 'prose' | 'row' | 'header' | 'block'
  readonly start: number
  readonly end: number
  /** Range of the column names of a row. */
  readonly header?: readonly [start: number, end: number]
  /** Number of the turn in its source, from 0, and who speaks. */
  readonly turn?: number
  readonly speaker?: string
  /** Words that say what the unit is and stand elsewhere: the keys around it, the name of its function. */
  readonly about?: string
  /** Indentation of a key in its file: what stands deeper below it belongs to it. */
  readonly depth?: number
  /** Set on what describes the file as a whole. */
  readonly general?: boolean
}

/** The structure of a Source, prepared once for all of its passages. */
export interface Layout {
  readonly mediaType: string
  readonly outline: readonly OutlineNode[]
  /** Range of the header by the index of its table. */
  readonly headers: ReadonlyMap<number, readonly [start: number, end: number]>
  /** Number of the turn by its index. */
  readonly turns: ReadonlyMap<number, number>
}

/** Lines and characters of a block that an answer shows as a whole. */
export const mostLines = 16
export const mostCharacters = 900

export interface Line {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The lines of a text without their line breaks. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = []
  let start = 0
  for (const line of text.split('\n')) {
    lines.push({ start, end: start + line.length, text: line })
    start += line.length + 1
  }
  return lines
}

/** Width of the white space at the start of a line. */
export const indentOf = (line: string): number => line.length - line.trimStart().length

/** Ranges of a text parted at blank lines where there are any, and so that none has more lines than an answer shows. */
export function pieces(text: string, most = mostLines): [start: number, end: number][] {
  const found: [number, number][] = []
  let open: Line[] = []
  const close = () => {
    if (open.length > 0) found.push([open[0]!.start, open.at(-1)!.end])
    open = []
  }
  for (const line of linesOf(text)) {
    if (line.text.trim() === '') close()
    else {
      if (open.length >= most) close()
      open.push(line)
    }
  }
  close()
  return found
}
