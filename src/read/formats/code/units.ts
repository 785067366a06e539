import type { OutlineKind } from '../../../core/index.ts'
import type { SyntaxCapture, SyntaxNode } from '../../adapters/tree-sitter.ts'
import type { CodeLanguage } from './language.ts'
import { byPlace, firstFrom, leadIn, type Range, trimmedEnd } from './ranges.ts'

/** A unit of the outline before its place in the tree is known. */
export interface Unit {
  readonly kind: OutlineKind
  /** What the query called it. */
  readonly capture: string
  start: number
  end: number
  readonly names: readonly string[]
  readonly receiver?: string
  readonly signature?: string
  /** Present on units that hold statements. */
  readonly node?: SyntaxNode
}

/** A name with the place where it is written. */
export interface Named {
  readonly name: string
  readonly at: number
}

export interface Found {
  /** In the order of their starts, outer ones first. */
  readonly units: Unit[]
  /** Comments and strings: words in them are no uses. */
  readonly quiet: readonly Range[]
  /** Names bound by imports. */
  readonly imported: readonly Named[]
  /** Where units are named: these words are no uses. */
  readonly namings: ReadonlySet<number>
  /** Comments, decorators and attributes. */
  readonly leads: readonly Range[]
  /** Ids of the syntax nodes that are units. */
  readonly ids: ReadonlySet<number>
}

interface Wrap extends Range {
  readonly id: number
}

/** What one match of the query says of a unit. */
interface Draft {
  readonly capture: string
  readonly node: SyntaxNode
  readonly names: Named[]
  readonly receiver?: string | undefined
  readonly body?: number | undefined
}

const kinds: Readonly<Record<string, OutlineKind>> = {
  class: 'class',
  namespace: 'class',
  function: 'function',
  closure: 'function',
  type: 'definition',
  constant: 'definition',
  section: 'section',
  import: 'definition',
}

/** A name as the field writes it: `ns::Parser<T>` and `Parser.prototype.parse` become `ns.Parser` and `Parser.parse`. */
function plainName(name: string): string {
  const bare = /\boperator\b/.test(name) ? name : name.replace(/<[^<>]*>/g, '').replace(/<.*>$/, '')
  return bare
    .replace(/^["'`](.*)["'`]$/, '$1')
    .replace(/::|\\/g, '.')
    .replace('.prototype.', '.')
}

/** The words up to the body, or the first line, without comments. */
function signatureOf(text: string, start: number, end: number, leads: readonly Range[]): string {
  const last = Math.min(end, start + 1200)
  let words = ''
  let at = start
  for (let index = firstFrom(leads, start); index < leads.length && leads[index]!.start < last; index++) {
    const lead = leads[index]!
    if (!/^(?:\/\/|\/\*|#(?!\[))/.test(text.slice(lead.start, lead.start + 2))) continue
    words += text.slice(at, Math.max(at, lead.start))
    at = Math.max(at, lead.end)
  }
  const flat = (words + text.slice(at, Math.max(at, last))).replace(/\s+/g, ' ')
  return flat
    .replace(/\s*(?:[{:]|=>)\s*$/, '')
    .trim()
    .slice(0, 300)
}

function lineEnd(text: string, start: number, end: number): number {
  const newline = text.slice(start, Math.min(end, start + 1200)).indexOf('\n')
  return newline === -1 ? end : start + newline
}

/** Sorts the captures of a tree into units, with the comments, decorators and exports in front of them taken in. */
export function findUnits(text: string, language: CodeLanguage, matches: readonly SyntaxCapture[][]): Found {
  const drafts = new Map<number, Draft>()
  const quiet: Range[] = []
  const leads: Range[] = []
  const wraps: Wrap[] = []
  const imported: Named[] = []
  const namings = new Set<number>()
  const ids = new Set<number>()
  const named = (node: SyntaxNode): Named => {
    const words = text.slice(node.startIndex, Math.min(node.endIndex, node.startIndex + 200))
    const name = words.replace(/\s+/g, ' ').trim()
    return { name: language.verbatimNames ? name : plainName(name), at: node.startIndex }
  }
  for (const captures of matches) {
    let unit: SyntaxCapture | undefined
    let name: SyntaxNode | undefined
    let body: number | undefined
    let receiver: string | undefined
    for (const capture of captures) {
      const { name: label, node } = capture
      if (label in kinds) unit = capture
      else if (label === 'name') name = node
      else if (label === 'body') body = node.startIndex
      else if (label === 'value') body = node.childForFieldName('body')?.startIndex
      else if (label === 'receiver') receiver = node.text.replace(/^\*|\[.*$/g, '')
      else if (label === 'imported') imported.push(named(node))
      else if (label === 'imported.path') {
        const { at, name: path } = named(node)
        imported.push({ at, name: /([\w-]+)\W*$/.exec(path)?.[1] ?? '' })
      } else {
        const range = { start: node.startIndex, end: node.endIndex, id: node.id }
        if (label === 'comment' || label === 'string') quiet.push(range)
        if (label === 'comment' || label === 'lead') leads.push(range)
        if (label === 'wrap') wraps.push(range)
      }
    }
    if (!unit) continue
    const { name: capture, node } = unit
    name ??= language.title?.(node)
    const own = name ? [named(name)] : []
    if (name) namings.add(lastWord(text, name))
    const known = drafts.get(node.id)
    if (known && known.capture !== 'constant') known.names.push(...own)
    else drafts.set(node.id, { capture, node, names: [...own, ...(known?.names ?? [])], receiver, body })
  }
  leads.sort(byPlace)
  const units: Unit[] = []
  for (const draft of drafts.values()) {
    const { node, capture } = draft
    if (capture !== 'constant') ids.add(node.id)
    units.push(unitOf(text, draft, leads))
  }
  for (const id of takeWraps(text, units.sort(byPlace), wraps.sort(byPlace))) ids.add(id)
  const leading = leadIn(text, leads)
  for (const unit of units) unit.start = leading(unit.start)
  return { units: units.sort(byPlace), quiet: quiet.sort(byPlace), imported, namings, leads, ids }
}

/** Where the last word of a name starts, as in `Parser.prototype.parse`. */
function lastWord(text: string, { startIndex, endIndex }: SyntaxNode): number {
  const words = text.slice(startIndex, Math.min(endIndex, startIndex + 200))
  return startIndex + Math.max(words.lastIndexOf('.'), words.lastIndexOf(':'), words.lastIndexOf('~')) + 1
}

function unitOf(text: string, draft: Draft, leads: readonly Range[]): Unit {
  const { node, capture, receiver, body } = draft
  const { startIndex: start, endIndex } = node
  const end = trimmedEnd(text, start, text[endIndex] === ';' ? endIndex + 1 : endIndex)
  const names = draft.names.sort((one, two) => one.at - two.at).map(({ name }) => name)
  const signature = capture === 'import' ? '' : signatureOf(text, start, body ?? lineEnd(text, start, end), leads)
  return {
    kind: kinds[capture]!,
    capture,
    start,
    end,
    names: capture === 'section' && names.length === 0 ? [signature] : [...new Set(names)],
    ...(receiver === undefined ? {} : { receiver }),
    ...(signature ? { signature } : {}),
    ...(capture === 'function' || capture === 'closure' ? { node } : {}),
  }
}

/** Gives the range of an export or a decorated unit to the first unit in it that reaches its end; lists those taken. */
function takeWraps(text: string, units: readonly Unit[], wraps: readonly Wrap[]): number[] {
  const taken: number[] = []
  let next = 0
  for (const wrap of wraps) {
    while (next < units.length && units[next]!.start < wrap.start) next++
    for (let index = next; index < units.length && units[index]!.start < wrap.end; index++) {
      const unit = units[index]!
      if (unit.end > wrap.end || !/^[\s;]*$/.test(text.slice(unit.end, Math.min(wrap.end, unit.end + 64)))) continue
      unit.start = wrap.start
      unit.end = Math.max(unit.end, trimmedEnd(text, wrap.start, wrap.end))
      taken.push(wrap.id)
      break
    }
  }
  return taken
}
