import type { OutlineNode } from '../../../core/index.ts'
import type { SyntaxTree } from '../../adapters/tree-sitter.ts'
import type { CodeLanguage } from './language.ts'
import { byPlace, leadIn, trimmedEnd, trimmedStart } from './ranges.ts'
import { findStatements, type Statement } from './statements.ts'
import { findUnits, type Named, type Unit } from './units.ts'
import { addUses, type Names } from './uses.ts'

export interface Draft {
  readonly unit: Unit
  readonly level: number
  readonly start: number
  end: number
  readonly parent?: number
  readonly title?: string
  readonly names: readonly string[]
  uses?: readonly string[]
}

/** Most names that one unit lists. */
export const mostNames = 64

const spansLines = (text: string, unit: Unit, lines: number): boolean => {
  const words = text.slice(unit.start, unit.end)
  let at = 0
  for (let line = 1; line < lines; line++) {
    at = words.indexOf('\n', at) + 1
    if (at === 0) return false
  }
  return true
}

/** The outline of a parsed file: units with the statements of long ones, each with the names that it uses. */
export function outlineOf(text: string, language: CodeLanguage, tree: SyntaxTree): OutlineNode[] {
  const { units: all, quiet, imported, namings, leads, ids } = findUnits(text, language, tree.matches)
  const statements: Statement[] = []
  const blocks = new Set(language.blocks)
  for (const node of [tree.root, ...all.flatMap((unit) => unit.node ?? [])])
    findStatements(text, node, blocks, ids, statements)
  const leading = leadIn(text, leads)
  for (const { start, end } of statements)
    all.push({
      kind: 'statement',
      capture: 'statement',
      start: leading(trimmedStart(text, start, end)),
      end: trimmedEnd(text, start, end),
      names: [],
    })
  all.sort(byPlace)
  const drafts = nest(text, all)
  const names: Names = new Map()
  for (const { name, at } of imported) note(names, name, at)
  for (const { unit, names: own } of drafts)
    if (unit.capture !== 'import') for (const name of own) note(names, lastOf(name), unit.start)
  addUses(text, drafts, { names, namings, quiet, word: language.word })
  return drafts.map((draft) => finish(draft, imported))
}

const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1)

function note(names: Names, name: string, at: number): void {
  const known = names.get(name)
  if (!known) names.set(name, { first: at, last: at })
  else {
    known.first = Math.min(known.first, at)
    known.last = Math.max(known.last, at)
  }
}

/** Puts units into a tree: those that cross another are cut short, and those that the outline has no use for left out. */
function nest(text: string, units: readonly Unit[]): Draft[] {
  const drafts: Draft[] = []
  const open: number[] = []
  for (const unit of units) {
    let { start } = unit
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const above = drafts[top]!
      if (start >= above.end) open.pop()
      else if (unit.end > above.end) {
        start = trimmedStart(text, above.end, unit.end)
        open.pop()
      } else break
    }
    if (start >= unit.end) continue
    const parent = open.at(-1)
    const above = parent === undefined ? undefined : drafts[parent]!
    if (
      above &&
      above.start === start &&
      above.end === unit.end &&
      (unit.capture === 'statement' || above.unit.capture === unit.capture)
    )
      continue
    const within = open.map((index) => drafts[index]!.unit.capture)
    const inFunction = within.some((capture) => capture === 'function' || capture === 'closure')
    const valueOnly = within.every((capture) => capture === 'namespace')
    if (unit.capture === 'closure' && within.length > 0 && !spansLines(text, unit, 3)) continue
    if ((unit.capture === 'constant' || unit.capture === 'import') && !valueOnly) continue
    if (unit.kind === 'definition' && inFunction) continue
    if (unit.capture === 'import' && joinImport(text, drafts, unit, above)) continue
    drafts.push({
      unit,
      level: open.length + 1,
      start,
      end: unit.end,
      ...(parent === undefined ? {} : { parent }),
      ...titleOf(unit, above, drafts),
    })
    open.push(drafts.length - 1)
  }
  return drafts
}

/** Imports that follow each other are one unit. */
function joinImport(text: string, drafts: readonly Draft[], unit: Unit, above: Draft | undefined): boolean {
  const last = drafts.at(-1)
  if (last?.unit.capture !== 'import' || (above && unit.end > above.end)) return false
  if (/\S/.test(text.slice(last.end, unit.start))) return false
  last.end = unit.end
  return true
}

function titleOf(
  unit: Unit,
  above: Draft | undefined,
  drafts: readonly Draft[],
): { title?: string; names: readonly string[] } {
  if (unit.capture === 'import') return { title: 'imports', names: [] }
  const name = unit.receiver === undefined ? unit.names[0] : `${unit.receiver}.${unit.names[0] ?? ''}`
  if (name === undefined) return { names: [] }
  let holder = above
  while (holder && holder.title === undefined) holder = holder.parent === undefined ? undefined : drafts[holder.parent]
  const title = holder?.title !== undefined && holder.unit.kind !== 'section' ? `${holder.title}.${name}` : name
  return { title: title.slice(0, 300), names: unit.names }
}

function finish(draft: Draft, imported: readonly Named[]): OutlineNode {
  const { unit, level, start, end, parent, title, uses, names } = draft
  const bound =
    unit.capture === 'import'
      ? imported.filter(({ at }) => at >= start && at < end).map(({ name }) => name)
      : names.length > 1
        ? names
        : []
  const detail = {
    ...(unit.signature ? { signature: unit.signature } : {}),
    ...(bound.length > 0 ? { names: [...new Set(bound)].sort().slice(0, mostNames) } : {}),
    ...(uses && uses.length > 0 ? { uses } : {}),
  }
  return {
    kind: unit.kind,
    ...(title === undefined ? {} : { title }),
    level,
    start,
    end,
    ...(parent === undefined ? {} : { parent }),
    ...(Object.keys(detail).length > 0 ? { detail } : {}),
  }
}
