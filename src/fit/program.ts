import type { OutlineNode } from '../core/index.ts'
import { cutAt, cutLines, within } from './grain.ts'
import type { Part } from './units.ts'

/** A part of a program that has a name, or several. */
export interface CodeUnit {
  readonly kind: 'import' | 'definition' | 'class' | 'function' | 'other'
  readonly names: readonly string[]
  readonly part: Part
  /** The lines up to its body; for a class, up to its first method. */
  readonly head: Part
  /** Index of the class that it is a method of. */
  readonly inside?: number
}

const importing =
  /^\s*(?:import\b|from\s+\S+\s+import\b|#include\b|using\s|use\s|require\b|(?:const|let|var)\s.*=\s*require\()/
const naming =
  /^\s*(?:export\s+)?(?:default\s+)?(?:public\s+|private\s+|protected\s+|static\s+|async\s+|abstract\s+|final\s+|pub(?:\([^)]*\))?\s+|unsafe\s+)*(?:(?<function>function\*?|def|fn|func|sub)|(?<class>class|trait|impl|object)|(?<definition>interface|type|enum|struct|const|let|var))\s+(?:\([^)]*\)\s*)?(?<name>[\p{L}_$][\p{L}\p{N}_$]*)/u
const identifiers = /[\p{L}_$][\p{L}\p{N}_$]*/gu

export const identifiersIn = (text: string): Set<string> => new Set(text.match(identifiers))

/** Kinds of ASCII characters: 1 may open an identifier, 2 may only go on with one. */
const ascii = Uint8Array.from({ length: 128 }, (_, code) => {
  const sign = String.fromCharCode(code)
  return /[\p{L}_$]/u.test(sign) ? 1 : /\p{N}/u.test(sign) ? 2 : 0
})

/** Each identifier of a text, as often as it stands there. */
export function eachIdentifier(text: string, emit: (name: string) => void): void {
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    if (code >= 128) {
      for (const name of text.slice(at).match(identifiers) ?? []) emit(name)
      return
    }
    const from = at++
    if (ascii[code] !== 1) continue
    while (at < text.length && ascii[text.charCodeAt(at)]! > 0) at++
    if (text.charCodeAt(at) >= 128) {
      for (const name of text.slice(from).match(identifiers) ?? []) emit(name)
      return
    }
    emit(text.slice(from, at))
  }
}

const headLines = 8

/** The first lines until one that opens a body: a brace, a colon, an arrow. */
function headOf(part: Part): Part {
  let end = 0
  for (const line of cutLines(part).slice(0, headLines)) {
    end = line.span.end - part.span.start
    if (/(?:[{:]|=>|\bthen|\bdo)\s*(?:\/\/.*|#.*)?$/.test(line.text.trimEnd())) return within(part, 0, end)
  }
  const first = part.text.indexOf('\n')
  return first === -1 ? part : within(part, 0, first + 1)
}

/** Statements of a run of imports. */
function statementsOf(part: Part): Part[] {
  const lines = cutLines(part).filter(({ text }) => importing.test(text))
  return cutAt(
    part,
    lines.slice(1).map(({ span }) => span.start - part.span.start),
  )
}

/** The units of a piece of a program: by the outline of its source where that has functions, else by lines that stand at the margin. */
export function programOf(part: Part, nodes: readonly OutlineNode[]): CodeUnit[] {
  return nodes.some(({ kind }) => kind === 'function' || kind === 'class') ? outlined(part, nodes) : byMargin(part)
}

function outlined(part: Part, nodes: readonly OutlineNode[]): CodeUnit[] {
  const { start: base, end: stop } = part.span
  const lineEnd = (at: number) => {
    const next = part.text.indexOf('\n', at)
    return next === -1
      ? part.text.length
      : part.text.slice(at, next).trim() === '' || /^[\s;,)}\]]*$/.test(part.text.slice(at, next))
        ? next + 1
        : at
  }
  const lineStart = (at: number) => {
    const before = part.text.lastIndexOf('\n', at - 1) + 1
    return part.text.slice(before, at).trim() === '' ? before : at
  }
  const units: CodeUnit[] = []
  const classes = new Map<number, number>()
  let at = 0
  const push = (
    kind: CodeUnit['kind'],
    names: readonly string[],
    from: number,
    to: number,
    headEnd?: number,
    inside?: number,
  ) => {
    const own = within(part, from, Math.max(from, to))
    if (own.text.trim() === '') return
    const head = headEnd === undefined ? headOf(own) : within(part, from, Math.max(from, Math.min(to, headEnd)))
    units.push({ kind, names, part: own, head, ...(inside === undefined ? {} : { inside }) })
  }
  for (const [index, node] of nodes.entries()) {
    const { kind, title = '', parent } = node
    const owner = parent === undefined ? undefined : classes.get(parent)
    const top = parent === undefined || nodes[parent]!.kind === 'section' || owner !== undefined
    if (
      !top ||
      node.end <= base ||
      node.start >= stop ||
      (kind !== 'function' && kind !== 'class' && kind !== 'definition' && kind !== 'statement')
    )
      continue
    const from = Math.max(at, lineStart(Math.max(0, node.start - base)))
    const to = lineEnd(Math.min(part.text.length, node.end - base))
    if (from > at) push('other', [], at, from, undefined, owner)
    const short = title.slice(title.lastIndexOf('.') + 1).replace(/^#/, '')
    if (kind === 'class') {
      const child = nodes.findIndex((one) => one.parent === index && one.kind === 'function')
      const first =
        child === -1
          ? to
          : Math.max(from, lineStart(Math.max(0, Math.min(part.text.length, nodes[child]!.start - base))))
      push('class', [short], from, first, headOf(within(part, from, to)).span.end - base)
      if (first > from) classes.set(index, units.length - 1)
      at = Math.max(at, first)
      continue
    }
    const names = Array.isArray(node.detail?.names) ? (node.detail.names as readonly string[]) : [short]
    if (kind === 'definition' && title === 'imports')
      for (const one of statementsOf(within(part, from, to)))
        push('import', [...identifiersIn(one.text)], one.span.start - base, one.span.end - base)
    else push(kind === 'statement' ? 'other' : kind, names, from, to, undefined, owner)
    at = Math.max(at, to)
  }
  push('other', [], at, part.text.length)
  return units
}

function byMargin(part: Part): CodeUnit[] {
  const units: CodeUnit[] = []
  let from = 0
  let last: string | undefined
  const flush = (to: number) => {
    if (to > from && last !== undefined && part.text.slice(from, to).trim() !== '') {
      const own = within(part, from, to)
      const found = naming.exec(last)
      const kind = importing.test(last)
        ? 'import'
        : found?.groups?.function
          ? 'function'
          : found?.groups?.class
            ? 'class'
            : found
              ? 'definition'
              : 'other'
      const names = kind === 'import' ? [...identifiersIn(own.text)] : found?.groups?.name ? [found.groups.name] : []
      units.push({
        kind: kind === 'definition' && /=>|\bfunction\b/.test(last) ? 'function' : kind,
        names,
        part: own,
        head: headOf(own),
      })
    }
    from = to
    last = undefined
  }
  for (const line of cutLines(part)) {
    const at = line.span.start - part.span.start
    const margin = /^[^\s})\]]/.test(line.text)
    const leads = /^(?:\/\/|\/\*|#(?!include)|@|"""|\*)/.test(line.text)
    if (margin && last !== undefined && !(importing.test(last) && importing.test(line.text))) flush(at)
    if (margin && last === undefined && !leads) last = line.text
    else if (margin && last === undefined && leads && units.length === 0 && from === at) continue
    if (last === undefined && at === from && line.text.trim() === '') continue
  }
  last ??= ''
  flush(part.text.length)
  return units
}
