import { isCode, nodeAt, type OutlineNode } from '../core/index.ts'
import { codeUnits } from './units/code.ts'
import { configUnits, isConfig } from './units/config.ts'
import { isLog, logUnits } from './units/log.ts'
import { type Layout, pieces, type Unit } from './units/unit.ts'

export type { Layout, Unit } from './units/unit.ts'

const isTalk = ({ kind }: OutlineNode): boolean => kind === 'turn' || kind === 'cue'

export function layoutOf(mediaType: string, outline: readonly OutlineNode[]): Layout {
  const headers = new Map<number, readonly [number, number]>()
  const turns = new Map<number, number>()
  for (const [index, node] of outline.entries()) {
    if (isTalk(node)) turns.set(index, turns.size)
    if (node.kind === 'header' && node.parent !== undefined) headers.set(node.parent, [node.start, node.end])
  }
  return { mediaType, outline, headers, turns }
}

/**
 * Divides `text`, which stands at `at` in its source, by media type and outline: rows of tables and records, functions,
 * keys with their comments, entries of logs, turns. What has no such structure is prose.
 */
export function unitsOf(text: string, at: number, layout: Layout): Unit[] {
  const { mediaType, outline, headers, turns } = layout
  const end = at + text.length
  const touching = within(outline, at, end)
  if (isCode(mediaType)) return codeUnits(text, at, outline, touching)
  const units: Unit[] = []
  let from = at
  const prose = (to: number) => {
    if (to > from) units.push({ kind: 'prose', start: from, end: to })
  }
  for (const index of touching) {
    const node = outline[index]!
    const [start, stop] = [Math.max(node.start, from), Math.min(node.end, end)]
    if (stop <= start) continue
    const found: Unit[] = []
    if (node.kind === 'row' || node.kind === 'header') {
      const header = node.kind === 'row' && node.parent !== undefined ? headers.get(node.parent) : undefined
      found.push({ kind: node.kind, start, end: stop, ...(header ? { header } : {}) })
    } else if (isTalk(node)) {
      const speaker = node.detail?.speaker
      const who = typeof speaker === 'string' ? { speaker } : {}
      found.push({ kind: 'prose', start, end: stop, turn: turns.get(index)!, ...who })
    } else if (node.kind === 'cell' && node.detail?.type === 'code') {
      for (const [first, last] of pieces(text.slice(start - at, stop - at)))
        found.push({ kind: 'block', start: start + first, end: start + last })
    } else continue
    prose(start)
    units.push(...found)
    from = stop
  }
  if (units.length === 0 && isConfig(mediaType)) return configUnits(text, at)
  if (units.length === 0 && mediaType === 'text/plain' && isLog(text)) return logUnits(text, at)
  prose(end)
  return units
}

/** Indexes of the units of an outline that touch a range, in pre-order. */
function within(outline: readonly OutlineNode[], start: number, end: number): number[] {
  let low = 0
  let high = outline.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (outline[middle]!.start < start) low = middle + 1
    else high = middle
  }
  const found: number[] = []
  for (let index = nodeAt(outline, start, start + 1); index !== undefined; index = outline[index]!.parent)
    if (index < low) found.unshift(index)
  for (let index = low; index < outline.length && outline[index]!.start < end; index++) found.push(index)
  return found
}
