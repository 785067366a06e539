import { type Passage, type SourceId, type Span, sentences, type Texts } from '../core/index.ts'
import { type Layout, type Unit, unitsOf } from './units.ts'

/** `row` is a row of a table or a record, `header` its column names, `block` lines that stand together: code, keys, a log. */
export type ProseKind = 'prose' | 'item' | 'heading' | 'row' | 'header' | 'block' | 'code'

/** A sentence of a kept passage, or a unit of text that is not prose. */
export interface Sentence {
  /** Index into the passages given. */
  readonly passage: number
  readonly span: Span
  /** The slice of the span. */
  readonly text: string
  /** The same for a person to read: mark-up, markers and line breaks taken out; of rows and blocks only the indentation. */
  readonly readable: string
  readonly kind: ProseKind
  /** The unit that it is, or stands in, where the source has units. */
  readonly unit?: Unit
  /** The column names above a row. */
  readonly header?: { readonly span: Span; readonly text: string }
}

const fence = /^ {0,3}(```|~~~)/
const codeLine =
  /[;{}]\s*$|^\s*(fn|let|const|var|def|class|import|use|return|if|for|while|pub|impl|#include|#\[|\/\/|@).*[({=:;]|=>|->|::\w+\(|^\s*[$>]\s+\w+|\w+\(.*\)\s*[;{]?\s*$|^\s*<\/?\w+[^>]*>\s*$/
const signs = /[{}()[\]<>;=|&$#@\\/+*%^~]/g

/** Ranges of fenced code in a text. */
function fences(text: string): [number, number][] {
  const found: [number, number][] = []
  let open = -1
  let at = 0
  for (const line of text.split('\n')) {
    if (fence.test(line)) {
      if (open === -1) open = at
      else {
        found.push([open, at + line.length])
        open = -1
      }
    }
    at += line.length + 1
  }
  if (open !== -1) found.push([open, text.length])
  return found
}

/** A table of contents or a list of links: what is left without the links says next to nothing. */
const isLinks = (text: string): boolean => {
  const rest = text.replace(/\[[^\]]*\]\([^)]*\)/g, '')
  return rest !== text && rest.replace(/[^\p{L}]/gu, '').length < text.replace(/[^\p{L}]/gu, '').length * 0.15
}

/** `goesOn`: whether other text follows, which a short line without a mark of its own needs to be the heading of something. */
function kindOf(text: string, goesOn: boolean): ProseKind {
  const trimmed = text.trim()
  if (/^\[[^\]]+\]:\s/.test(trimmed) || /^<!--.*-->$/s.test(trimmed)) return 'code'
  if (isLinks(trimmed)) return 'heading'
  if (/^#{1,6}(\s|$)/.test(trimmed) || /^[^\n]+\n(={3,}|-{3,})$/.test(trimmed)) return 'heading'
  if (/^\|.*\|/.test(trimmed) || (trimmed.match(/\t/g)?.length ?? 0) > 1) return 'row'
  if (/^([-*+•]|\d{1,3}[.)])\s/.test(trimmed)) return 'item'
  const lines = trimmed.split('\n')
  const coded = lines.filter((line) => codeLine.test(line)).length
  const plain = trimmed.replace(/`[^`]*`|\[[^\]]*\](\([^)]*\)|\[[^\]]*\])|<!--.*?-->|\bhttps?:\S+/gs, '')
  if (
    (coded > 0 && coded * 2 >= lines.length && !/[.!?:]["')\]”’]*$/.test(plain)) ||
    (plain.match(signs)?.length ?? 0) > plain.length * 0.12
  )
    return 'code'
  if (
    goesOn &&
    lines.length === 1 &&
    !/[.!?:…。！？।؟]["')\]”’*_`]*$/.test(trimmed) &&
    !/^[^:]{1,40}:\s+\S/.test(trimmed) &&
    trimmed.split(/\s+/).length <= 12 &&
    !/[\u3040-\u30ff\u3400-\u9fff]/.test(trimmed)
  )
    return 'heading'
  return 'prose'
}

/** Text of a sentence without mark-up, for a person to read; code spans stay as they are. */
export function readable(text: string): string {
  return text
    .split(/(`+[^`]+`+)/)
    .map((part, index) => (index % 2 === 1 ? part : withoutMarkup(part, index === 0)))
    .join('')
    .replace(/\[([^\]]+)\](\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
}

const tags =
  /<\/?(a|abbr|b|br|caption|code|em|i|img|kbd|p|small|span|strong|sub|sup|u|div|section|figure|figcaption)\b[^>]*>/gi

function withoutMarkup(text: string, first: boolean): string {
  const plain = text
    .replace(/<!--[\s\S]*?(-->|$)/g, '')
    .replace(tags, '')
    .replace(/!\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/(?<=\n)\s*>\s?/g, '')
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/gs, '$2')
    .replace(/(?<![\w*])[*_](?=\S)([^*]+?)(?<=\S)[*_](?![\w*])/g, '$1')
  return first ? plain.replace(/^\s*(#{1,6}\s+|>\s?)/, '').replace(/^\s*([-*+•]|\d{1,3}[.)])\s+/, '') : plain
}

/** Sentences of a quotation that only the marks at the starts of its lines have parted are made one again. */
function joinQuoted(text: string, ranges: readonly [number, number][]): [number, number][] {
  const joined: [number, number][] = []
  for (const [from, to] of ranges) {
    const last = joined.at(-1)
    const goesOn =
      last !== undefined &&
      /^\s*>\s*(?![-*+•#>|`]|\d{1,3}[.)]\s)\S/.test(text.slice(from, to)) &&
      /[^.!?:…\s][^\S\n]*\n\s*$/.test(text.slice(...last)) &&
      !/^\s*(>\s*)?#/.test(text.slice(...last))
    if (goesOn) last[1] = to
    else joined.push([from, to])
  }
  return joined
}

/** Lines with the indentation that all of them have taken off. */
export function dedent(text: string): string {
  const lines = text.split('\n')
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^[^\S\n]*/.exec(line)![0].length)
  const common = Math.min(...indents, text.length)
  return lines
    .map((line) => line.slice(common).trimEnd())
    .join('\n')
    .trim()
}

/** Longest header, in UTF-16 units, that is shown above a row. */
const longestHeader = 1500

/**
 * The sentences of passages and their units that are no prose, in order, white space at their ends taken off; derived
 * passages have none. Sources that `layouts` does not have are prose.
 */
export async function sentencesOf(
  passages: readonly Passage[],
  texts: Texts,
  layouts: ReadonlyMap<SourceId, Layout> = new Map(),
  abortSignal?: AbortSignal,
): Promise<Sentence[]> {
  const found: Sentence[] = []
  const headers = new Map<string, Sentence['header']>()
  for (const [passage, { spans, derived }] of passages.entries()) {
    if (derived !== undefined) continue
    for (const span of spans) {
      const text = await texts.slice(span, abortSignal)
      const layout = layouts.get(span.source)
      const whole: Unit = { kind: 'prose', start: span.start, end: span.end }
      for (const unit of layout ? unitsOf(text, span.start, layout) : [whole]) {
        const within = text.slice(unit.start - span.start, unit.end - span.start)
        const at = { source: span.source, start: unit.start, end: unit.end }
        if (unit.kind === 'prose') {
          const marks = unit.turn === undefined ? {} : { unit }
          for (const sentence of proseOf(within, at)) found.push({ passage, ...sentence, ...marks })
          continue
        }
        const sentence = unitOf(within, at, unit.kind)
        if (!sentence) continue
        const [from, to] = unit.header ?? [0, 0]
        const name = `${span.source}:${from}`
        if (to > from && to - from <= longestHeader && !headers.has(name))
          headers.set(
            name,
            trimmed(await texts.slice({ ...at, start: from, end: to }, abortSignal), { ...at, start: from }),
          )
        const header = to > from ? headers.get(name) : undefined
        found.push({ passage, ...sentence, unit, ...(header ? { header } : {}) })
      }
    }
  }
  return found
}

/** A text without the line breaks before it and the white space behind it, with its span. */
function trimmed(text: string, { source, start }: Span): { span: Span; text: string } | undefined {
  const lead = /^(\s*\n)?/.exec(text)![0].length
  const slice = text.slice(lead).trimEnd()
  if (slice.trim() === '') return undefined
  return { span: { source, start: start + lead, end: start + lead + slice.length }, text: slice }
}

function unitOf(text: string, span: Span, kind: Exclude<Unit['kind'], 'prose'>): Omit<Sentence, 'passage'> | undefined {
  const found = trimmed(text, span)
  return found && { ...found, readable: dedent(found.text), kind }
}

function proseOf(text: string, { source, start: base }: Span): Omit<Sentence, 'passage'>[] {
  const found: Omit<Sentence, 'passage'>[] = []
  const code = fences(text)
  let inCode = 0
  for (const [from, to] of joinQuoted(text, sentences(text))) {
    const raw = text.slice(from, to)
    const start = from + (raw.length - raw.trimStart().length)
    const slice = raw.trim()
    if (slice === '') continue
    const within = code.find(([open, close]) => start < close && start + slice.length > open)
    if (within) {
      // A fence is one unit, however many sentences its lines would make.
      if (within[1] <= inCode) continue
      inCode = within[1]
      const block = text.slice(...within)
      const at = base + within[0]
      found.push({ span: { source, start: at, end: at + block.length }, text: block, readable: block, kind: 'code' })
      continue
    }
    const at = base + start
    const kind = kindOf(slice, text.slice(to).trim() !== '')
    const shown =
      kind === 'row'
        ? readable(slice)
            .replace(/^\|\s*|\s*\|$/g, '')
            .replace(/\s*\|\s*/g, ' — ')
        : readable(slice)
    if (shown === '') continue
    found.push({ span: { source, start: at, end: at + slice.length }, text: slice, readable: shown, kind })
  }
  return found
}

/** Longest block of code, in UTF-16 units, that is taken along with the sentence that announces it. */
const longestCode = 500

/** A short block of code right behind a sentence of the same passage. */
export const isExample = (next: Sentence | undefined, sentence: Sentence): boolean =>
  next?.kind === 'code' &&
  next.passage === sentence.passage &&
  next.text.length <= longestCode &&
  !next.text.includes('{{#') &&
  /^\s*(```|~~~)/.test(next.text)
