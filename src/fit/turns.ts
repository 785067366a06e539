import { nodesFrom, type OutlineNode } from '../core/index.ts'
import type { CompressContext, Unit } from './contract.ts'

/** The words that say who speaks, at the beginning of a line. */
export const speakerLine =
  /^(?:\[[^\]\n]{1,40}\]\s*)?(?:#{1,4}\s*)?(?:\*\*)?([\p{Lu}\p{Ll}][\p{L}\p{N} ._'-]{0,30}|tool|user|assistant|system)(?:\*\*)?(?:\s*\([^)\n]{1,40}\))?:(?:\*\*)?(?=\s)/gmu

/** Longer turns, such as mail, are read as other text is; UTF-16 units. */
const longestTurn = 800

/** Whether a unit of an outline is something said. */
export const isSaid = ({ kind }: OutlineNode): boolean => kind === 'turn' || kind === 'message' || kind === 'cue'

/** The passages of units that are one short turn of a conversation, by the outlines of their sources; none where no outline is at hand. */
export async function saidPassages(
  units: readonly Unit[],
  { outline, abortSignal }: CompressContext,
): Promise<ReadonlySet<number>> {
  const said = new Set<number>()
  if (!outline) return said
  const outlines = new Map<string, readonly OutlineNode[]>()
  for (let from = 0, to = 0; from < units.length; from = to) {
    const { passage, span, text } = units[from]!
    while (to < units.length && units[to]!.passage === passage) to++
    const { end } = units[to - 1]!.span
    // Outlines are read for those alone that look like something said.
    speakerLine.lastIndex = 0
    if (end - span.start > longestTurn || speakerLine.exec(text)?.index !== 0) continue
    let nodes = outlines.get(span.source)
    if (!nodes) outlines.set(span.source, (nodes = (await outline(span.source, abortSignal)).filter(isSaid)))
    if (nodesFrom(nodes, span.start, end).length === 1) said.add(passage)
  }
  return said
}
