import type { Compressor, CompressorMeta, Given, Piece } from '../contract.ts'
import { cutLines, cutSentences, within } from '../grain.ts'
import { bm25 } from '../lexical.ts'
import type { Part } from '../units.ts'

export const meta = {
  name: 'tables',
  summary: 'Rows of tables that bear on the question, each with its header; other text by sentences.',
  needs: ['query'],
  uses: ['outline'],
} as const satisfies CompressorMeta

/** Lines of a table with the range of its header, or plain text. */
interface Block {
  readonly parts: readonly Part[]
  readonly header?: Part
}

/** The sign that parts the cells of a line, where it has at least two. */
function separator(line: string): string | undefined {
  for (const sign of ['|', '\t', ';', ','])
    if (line.split(sign).length >= (sign === ',' || sign === ';' ? 3 : 2)) return sign
  return undefined
}

/** Runs of at least three lines with as many cells are tables; the first line is the header, with the rule below it. */
function blocksOf(part: Part): Block[] {
  const lines = cutLines(part)
  const blocks: Block[] = []
  let plain: Part[] = []
  const flush = () => {
    if (plain.length > 0) {
      const [start, end] = [plain[0]!.span.start - part.span.start, plain.at(-1)!.span.end - part.span.start]
      blocks.push({ parts: cutSentences(within(part, start, end)) })
    }
    plain = []
  }
  for (let at = 0; at < lines.length; ) {
    const sign = separator(lines[at]!.text)
    const cells = sign === undefined ? 0 : lines[at]!.text.split(sign).length
    let end = at
    while (sign !== undefined && end < lines.length && lines[end]!.text.split(sign).length === cells) end++
    if (end - at < 3) {
      plain.push(lines[at++]!)
      continue
    }
    flush()
    const ruled = /^[\s|:+-]+$/.test(lines[at + 1]!.text) ? 2 : 1
    const [start, stop] = [lines[at]!.span.start - part.span.start, lines[at + ruled - 1]!.span.end - part.span.start]
    blocks.push({ header: within(part, start, stop), parts: lines.slice(at + ruled, end) })
    at = end
  }
  flush()
  return blocks
}

/** A row counts by its own words with the header's, so that a question that names a column finds it. */
const tables: Compressor = {
  async cut(passages, context) {
    const { query = '', abortSignal, outline } = context
    const pieces: (Omit<Piece, 'score'> & { readonly text: string; readonly bonus: number })[] = []
    const headers = new Set<number>()
    for (const [passage, given] of passages.entries()) {
      abortSignal?.throwIfAborted()
      const { derived } = given.passage
      if (derived !== undefined) pieces.push({ passage, text: derived, bonus: 0 })
      for (const { header, parts } of [
        ...(await outlined(given, outline, abortSignal)),
        ...given.parts.flatMap(blocksOf),
      ]) {
        const needs = header ? [pieces.length] : []
        if (header) {
          headers.add(pieces.length)
          pieces.push({ passage, spans: [header.span], text: header.text, bonus: 0 })
        }
        for (const { span, text } of parts)
          pieces.push({ passage, spans: [span], needs, text: text, bonus: header ? 0.5 : 0 })
      }
    }
    const own = bm25(
      pieces.map(({ text }) => text),
      query,
      context,
    )
    return pieces.map(({ text: _, bonus, ...piece }, index) => {
      const named = piece.needs?.reduce((sum, need) => sum + own[need]!, 0) ?? 0
      const score = headers.has(index)
        ? Number.NEGATIVE_INFINITY
        : own[index]! + (own[index]! > 0 ? 0.2 * named + bonus : 0)
      return { ...piece, score }
    })
  },
}

/** Tables of the source's own outline that have a header inside the passage. */
async function outlined(
  { parts }: Given,
  outline:
    | ((
        source: string,
        abortSignal?: AbortSignal,
      ) => Promise<readonly { kind: string; start: number; end: number; parent?: number }[]>)
    | undefined,
  abortSignal: AbortSignal | undefined,
): Promise<Block[]> {
  const blocks: Block[] = []
  for (const part of outline ? parts : []) {
    const nodes = await outline!(part.span.source, abortSignal)
    const inside = (node: { start: number; end: number }) => node.start >= part.span.start && node.end <= part.span.end
    nodes.forEach((node, index) => {
      if (node.kind !== 'header' || !inside(node)) return
      const of = (one: { start: number; end: number }) =>
        within(part, one.start - part.span.start, one.end - part.span.start)
      const rows = nodes.filter(
        (row) => row.kind === 'row' && row.parent === nodes[index]!.parent && inside(row) && row.end > row.start,
      )
      blocks.push({ header: of(node), parts: rows.map(of) })
    })
  }
  return blocks
}

export default tables
