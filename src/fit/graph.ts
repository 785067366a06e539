import type { CompressContext } from './contract.ts'

/** Neighbours of each knot with how alike they are. */
export type Graph = readonly ReadonlyMap<number, number>[]

/** Words that speak for a text, those that most texts share left out, and texts that one word may link. */
const [telling, mostLinked, degree] = [12, 40, 6]

/** Texts as knots, linked where they share rare words (cosine of their most telling ones) and with the next text. */
export function termGraph(texts: readonly string[], { analyzer, abortSignal }: CompressContext): Graph {
  const postings = new Map<string, [knot: number, weight: number][]>()
  const frequency = new Map<string, number>()
  const counted = texts.map((text, knot) => {
    if (knot % 256 === 0) abortSignal?.throwIfAborted()
    const counts = new Map<string, number>()
    analyzer.each(text, (term) => {
      if (!analyzer.isStopTerm(term)) counts.set(term, (counts.get(term) ?? 0) + 1)
    })
    for (const term of counts.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1)
    return counts
  })
  for (const [knot, counts] of counted.entries()) {
    const best = [...counts]
      .map(([term, count]) => ({ term, weight: Math.log1p(count) * Math.log(texts.length / frequency.get(term)!) }))
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1))
      .slice(0, telling)
    const norm = Math.hypot(...best.map(({ weight }) => weight)) || 1
    for (const { term, weight } of best) {
      const list = postings.get(term)
      if (list) list.push([knot, weight / norm])
      else postings.set(term, [[knot, weight / norm]])
    }
  }
  const links = texts.map(() => new Map<number, number>())
  for (const list of postings.values()) {
    if (list.length > mostLinked) continue
    for (const [one, first] of list)
      for (const [other, second] of list)
        if (one !== other) links[one]!.set(other, (links[one]!.get(other) ?? 0) + first * second)
  }
  return links.map((own, knot) => {
    const kept = new Map([...own].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, degree))
    for (const beside of [knot - 1, knot + 1])
      if (beside >= 0 && beside < links.length) kept.set(beside, (kept.get(beside) ?? 0) + 0.05)
    return kept
  })
}

/** A number per knot, the same for knots of one community: each takes the label that its neighbours favour, in order, until none changes. */
export function communities(graph: Graph, rounds = 12): Int32Array {
  const labels = Int32Array.from(graph, (_, knot) => knot)
  for (let round = 0, changed = true; round < rounds && changed; round++) {
    changed = false
    graph.forEach((links, knot) => {
      const votes = new Map<number, number>()
      for (const [other, weight] of links) votes.set(labels[other]!, (votes.get(labels[other]!) ?? 0) + weight)
      let [best, most] = [labels[knot]!, votes.get(labels[knot]!) ?? 0]
      for (const [label, weight] of votes)
        if (weight > most + 1e-12 || (Math.abs(weight - most) <= 1e-12 && label < best)) [best, most] = [label, weight]
      if (best !== labels[knot]) {
        labels[knot] = best
        changed = true
      }
    })
  }
  return labels
}
