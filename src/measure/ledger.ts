import { overlap, type Span } from '../core/index.ts'
import type { Ledger, Loss, Sample, Stage } from './contract.ts'
import { SpanIndex } from './span-index.ts'

/** Share of a piece of evidence that must be left for it to count as there: marks at its ends may be trimmed away. */
const whole = 0.95

const isWhole = (characters: number, { start, end }: Span): boolean =>
  end > start && characters >= whole * (end - start)

/** Whether spans together hold a piece of evidence. */
function isCovered(span: Span, others: SpanIndex): boolean {
  let length = 0
  let end = span.start
  for (const { span: other } of others.overlapping(span)) {
    const until = Math.min(span.end, other.end)
    length += Math.max(0, until - Math.max(other.start, end))
    end = Math.max(end, until)
  }
  return isWhole(length, span)
}

/** Whether one of the spans alone does. */
function isHeld(span: Span, others: SpanIndex): boolean {
  for (const { span: other } of others.overlapping(span)) if (isWhole(overlap(span, other), span)) return true
  return false
}

/**
 * For each piece of evidence the step after which it was not whole any more. Cutting loses one when no single passage
 * holds it (`split`), although all its characters are still there: so that stage's spans are looked at one by one.
 * What came through all steps is `unused` where the answer shows no use of it (`used` false).
 */
export function ledgerOf(
  { evidence, unresolved = 0 }: Pick<Sample, 'evidence' | 'unresolved'>,
  stages: readonly Stage[],
  used: (index: number) => boolean | undefined,
): Ledger {
  const lost: Partial<Record<Loss, number>> = {}
  const lose = (loss: Loss, count = 1): void => {
    lost[loss] = (lost[loss] ?? 0) + count
  }
  if (unresolved > 0) lose('read', unresolved)
  const places = stages.map(({ name, left }) => ({ name, left: new SpanIndex(left) }))
  let through = 0
  for (const [index, span] of evidence.entries()) {
    const stage = places.find(({ name, left }) => !(name === 'split' ? isHeld : isCovered)(span, left))
    if (stage) lose(stage.name)
    else if (used(index) === false) lose('unused')
    else through++
  }
  return { evidence: evidence.length + unresolved, used: through, lost }
}
