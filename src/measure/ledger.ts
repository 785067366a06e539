import { overlap, type Span } from '../core/index.ts'
import type { Ledger, Loss, Sample, Stage } from './contract.ts'

/** Share of a piece of evidence that must be left for it to count as there: marks at its ends may be trimmed away. */
const whole = 0.95

/** Characters of a span that others cover. */
function covered(span: Span, others: readonly Span[]): number {
  const ranges = others
    .filter((other) => overlap(span, other) > 0)
    .map((other) => [Math.max(span.start, other.start), Math.min(span.end, other.end)] as const)
    .sort((one, other) => one[0] - other[0])
  let length = 0
  let end = span.start
  for (const range of ranges) {
    length += Math.max(0, range[1] - Math.max(range[0], end))
    end = Math.max(end, range[1])
  }
  return length
}

export const isCovered = (span: Span, others: readonly Span[]): boolean =>
  span.end > span.start && covered(span, others) >= whole * (span.end - span.start)

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
  let through = 0
  for (const [index, span] of evidence.entries()) {
    const stage = stages.find(({ name, left }) =>
      name === 'split' ? !left.some((piece) => isCovered(span, [piece])) : !isCovered(span, left),
    )
    if (stage) lose(stage.name)
    else if (used(index) === false) lose('unused')
    else through++
  }
  return { evidence: evidence.length + unresolved, used: through, lost }
}
