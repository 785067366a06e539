import type { Span } from '../../core/index.ts'

/** One node: a passage, or what stands for its children. */
export interface TreeNode {
  /** The text it stands for: a passage's own spans, or the evidence of a summary. */
  readonly spans: readonly [Span, ...Span[]]
  /** What is read to judge it: a passage's text, a summary, a title and keywords. */
  readonly text: string
  /** Set when a model wrote the text. */
  readonly derived?: string
  /** True when its spans' slices are its text, so that it can be handed on as it is. */
  readonly verbatim?: boolean
  /** Numbers of its children; none for a passage. */
  readonly children: readonly number[]
  /** 0 for a passage; more than all of its children otherwise. */
  readonly level: number
}
export interface Tree {
  readonly nodes: readonly TreeNode[]
  readonly roots: readonly number[]
}

export const depthOf = ({ nodes, roots }: Tree): number =>
  roots.reduce((most, root) => Math.max(most, nodes[root]!.level), 0)

/** The spans in reading order, those that touch as one. */
export function joinSpans(spans: readonly Span[]): [Span, ...Span[]] {
  const joined: Span[] = []
  const sources = [...new Set(spans.map(({ source }) => source))]
  for (const source of sources) {
    const own = spans.filter((span) => span.source === source).sort((first, second) => first.start - second.start)
    let open: Span | undefined
    for (const span of own) {
      if (open && span.start <= open.end) open = { ...open, end: Math.max(open.end, span.end) }
      else {
        if (open) joined.push(open)
        open = span
      }
    }
    if (open) joined.push(open)
  }
  return joined as [Span, ...Span[]]
}

/** Ranges of at most `most` consecutive things, as even as can be. */
export function evenRanges(count: number, most: number): [from: number, to: number][] {
  const parts = Math.ceil(count / most)
  return Array.from({ length: parts }, (_, part) => [
    Math.floor((part * count) / parts),
    Math.floor(((part + 1) * count) / parts),
  ])
}
