import type { OutlineNode } from '../../../core/index.ts'
import { OutlineBuilder } from '../../outline.ts'
import {
  atxLevel,
  closesFence,
  countCells,
  type Fence,
  fenceAt,
  headingTitle,
  htmlEnd,
  indentation,
  isBreak,
  isDelimiterRow,
  markerAt,
  setextLevel,
} from './lines.ts'

export interface MarkdownShape {
  readonly outline: readonly OutlineNode[]
  readonly title?: string
  readonly language?: string
}

/** A list item or a quotation: lines that are not looked into. */
interface Container {
  readonly quote: boolean
  readonly start: number
  /** Column from which lines belong to a list item. */
  readonly content: number
  /** End of the last line that is not blank. */
  end: number
  blank: boolean
  /** True while a paragraph is open in it, which lines may continue without marks. */
  paragraph: boolean
  fence?: Fence | undefined
}

/** Sections, code, list items and tables of a Markdown text, found line by line in one pass. */
export function scanMarkdown(text: string): MarkdownShape {
  const outline = new OutlineBuilder()
  const front = frontMatter(text)
  if (front.end > 0) outline.add('atom', 0, front.end)
  let heading: { rank: number; title: string } | undefined
  let paragraph = -1
  let lastLine = -1
  let lines = 0
  let fence: (Fence & { start: number }) | undefined
  let html: RegExp | null | undefined
  let table = false
  let inside: Container | undefined

  const section = (rank: number, start: number, title: string): void => {
    if (title && (!heading || rank < heading.rank)) heading = { rank, title }
    outline.section(rank, start, title ? { title } : {})
    paragraph = -1
  }
  const leave = (): void => {
    if (inside && !inside.quote) outline.add('atom', inside.start, inside.end)
    inside = undefined
  }
  const endTable = (at: number): void => {
    if (table) outline.close(at)
    table = false
  }
  /** True when the line begins a block that ends a paragraph without a blank line. */
  const interrupts = (at: number, end: number, indent: number): boolean => {
    const code = text.charCodeAt(at)
    // Letters begin none of them.
    if ((code | 32) >= 97 && (code | 32) <= 122) return false
    if (code === 62 || atxLevel(text, at, end) > 0 || isBreak(text, at, end) || fenceAt(text, at, end)) return true
    if (code === 60 && htmlEnd(text.slice(at, end), true) !== undefined) return true
    const marker = markerAt(text, at, end, indent)
    return marker !== undefined && !marker.empty && (marker.number === undefined || marker.number === 1)
  }

  for (let start = front.end, next = start; start < text.length; start = next) {
    const newline = text.indexOf('\n', start)
    next = newline === -1 ? text.length : newline + 1
    let end = newline === -1 ? text.length : newline
    if (text.charCodeAt(end - 1) === 13 && end > start) end--
    const { indent, at } = indentation(text, start, end)
    const blank = at === end

    if (fence) {
      if (indent < 4 && closesFence(text, at, end, fence)) {
        outline.add('atom', fence.start, next)
        fence = undefined
      }
      continue
    }
    if (html !== undefined) {
      if (html === null ? blank : html.test(text.slice(start, end))) html = undefined
      continue
    }
    if (inside) {
      if (inside.quote ? continuesQuote(inside, at, end, indent) : continuesItem(inside, at, end, indent, blank)) {
        if (!blank) inside.end = next
        continue
      }
      if (!blank && inside.paragraph && !inside.blank && (indent >= 4 || !interrupts(at, end, indent))) {
        const sibling = !inside.quote && indent < 4 && markerAt(text, at, end, indent)
        if (!sibling) {
          inside.end = next
          continue
        }
      }
      leave()
    }
    if (blank) {
      paragraph = -1
      endTable(start)
      continue
    }
    if (indent >= 4) {
      if (table && !interrupts(at, end, indent)) outline.add('row', start, next)
      else endTable(start)
      if (paragraph !== -1) lines++
      lastLine = start
      continue
    }
    const code = text.charCodeAt(at)
    const level = code === 35 ? atxLevel(text, at, end) : 0
    if (level > 0) {
      endTable(start)
      section(level, start, headingTitle(text.slice(at, end)))
      continue
    }
    const opened = code === 96 || code === 126 ? fenceAt(text, at, end) : undefined
    if (opened) {
      endTable(start)
      fence = { ...opened, start }
      paragraph = -1
      continue
    }
    if (paragraph !== -1 && (code === 61 || code === 45)) {
      const underline = setextLevel(text, at, end)
      if (underline > 0) {
        section(underline, paragraph, headingTitle(text.slice(paragraph, start)))
        continue
      }
    }
    if (isBreak(text, at, end)) {
      endTable(start)
      paragraph = -1
      continue
    }
    const marker = markerAt(text, at, end, indent)
    if (marker && (paragraph === -1 || interrupts(at, end, indent))) {
      endTable(start)
      paragraph = -1
      inside = enter(false, start, next, marker.content)
      look(inside, marker.at, end)
      continue
    }
    if (code === 62) {
      endTable(start)
      paragraph = -1
      inside = enter(true, start, next, 0)
      continuesQuote(inside, at, end, indent)
      continue
    }
    if (code === 60) {
      const ending = htmlEnd(text.slice(at, end), paragraph !== -1)
      if (ending !== undefined) {
        endTable(start)
        paragraph = -1
        html = ending?.test(text.slice(at, end)) ? undefined : ending
        continue
      }
    }
    if (table) {
      outline.add('row', start, next)
      continue
    }
    if (
      paragraph !== -1 &&
      lines === 1 &&
      (code === 124 || code === 45 || code === 58) &&
      isDelimiterRow(text.slice(start, end)) &&
      countCells(text.slice(lastLine, start)) === countCells(text.slice(start, end))
    ) {
      outline.open('table', lastLine)
      outline.add('header', lastLine, next)
      table = true
      paragraph = -1
      continue
    }
    if (paragraph === -1) {
      paragraph = start
      lines = 0
    }
    lines++
    lastLine = start
  }
  leave()
  if (fence) outline.add('atom', fence.start, text.length)
  endTable(text.length)
  const title = front.title ?? heading?.title
  return {
    outline: outline.finish(text.length),
    ...(title ? { title } : {}),
    ...(front.language ? { language: front.language } : {}),
  }

  function enter(quote: boolean, start: number, end: number, content: number): Container {
    return { quote, start, end, content, blank: false, paragraph: false }
  }

  function continuesItem(item: Container, at: number, end: number, indent: number, blank: boolean): boolean {
    if (blank) {
      // An item that begins with a blank line has nothing more to it.
      item.blank = true
      item.paragraph = false
      return true
    }
    if (indent < item.content) return false
    item.blank = false
    look(item, at, end)
    return true
  }

  function continuesQuote(quote: Container, at: number, end: number, indent: number): boolean {
    if (indent >= 4 || text.charCodeAt(at) !== 62) return false
    let inner = at
    while (inner < end && (text.charCodeAt(inner) === 62 || text.charCodeAt(inner) === 32)) inner++
    look(quote, inner, end)
    return true
  }

  /** Notes whether a line inside a container leaves a paragraph open. */
  function look(container: Container, from: number, end: number): void {
    let { at, indent } = indentation(text, from, end)
    if (container.fence) {
      if (closesFence(text, at, end, container.fence)) container.fence = undefined
      container.paragraph = false
      return
    }
    for (let marker = markerAt(text, at, end, indent); marker && !isBreak(text, at, end) && at < end; ) {
      at = marker.at
      marker = markerAt(text, at, end, (indent = marker.content))
    }
    container.fence = fenceAt(text, at, end)
    container.paragraph = at < end && !container.fence && atxLevel(text, at, end) === 0 && !isBreak(text, at, end)
  }
}

/** YAML or TOML between fences at the very start. */
function frontMatter(text: string): { end: number; title?: string; language?: string } {
  const found = /^(---|\+\+\+)[ \t]*\r?\n/.exec(text)
  if (!found) return { end: 0 }
  const from = found[0].length
  const close = found[1] === '---' ? /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/gm : /^\+\+\+[ \t]*(?:\r?\n|$)/gm
  close.lastIndex = from
  const last = close.exec(text.slice(0, 65_536))
  if (!last || !/^[\w"'-]+\s*[:=]|^\s*#/.test(text.slice(from, last.index))) return { end: 0 }
  const body = text.slice(from, last.index)
  const value = (name: string): string | undefined =>
    new RegExp(`^${name}\\s*[:=][ \\t]*(.+?)[ \\t]*\\r?$`, 'm').exec(body)?.[1]?.replace(/^(["'])(.*)\1$/, '$2')
  const title = value('title')
  const language = /^[a-z]{2,3}(?=-|$)/i.exec(value('lang(?:uage)?') ?? '')?.[0].toLowerCase()
  return { end: last.index + last[0].length, ...(title ? { title } : {}), ...(language ? { language } : {}) }
}
