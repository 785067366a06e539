import type { CompressContext } from './contract.ts'
import { contentOf } from './vocabulary.ts'

/** Neighbours of each knot with how alike they are. */
export type Graph = readonly ReadonlyMap<number, number>[]

/** Words that speak for a text, those that most texts share left out, and texts that one word may link. */
const [telling, mostLinked, degree] = [12, 40, 6]

/** Texts (or texts in parts) as knots, linked where they share rare words (cosine of their most telling ones) and with the next text. */
export function termGraph(
  texts: readonly (string | readonly string[])[],
  { analyzer, abortSignal }: CompressContext,
): Graph {
  const { terms, contents } = contentOf(texts, analyzer, abortSignal)
  const frequency = new Int32Array(terms.length)
  for (const { numbers } of contents) for (const number of numbers) frequency[number]!++
  const rarity = Float64Array.from(frequency, (count) => Math.log(texts.length / count))
  /** Of each term that tells of some text, in the order in which one first did: where and how much. */
  const postings: { readonly knots: number[]; readonly weights: number[] }[] = []
  const postingOf = new Int32Array(terms.length).fill(-1)
  const best = contents.map(({ numbers, counts }, knot) => {
    const weights = Float64Array.from(numbers, (number, at) => Math.log1p(counts[at]!) * rarity[number]!)
    const own = [...numbers.keys()]
      .filter((at) => weights[at]! > 0)
      .sort((a, b) => weights[b]! - weights[a]! || (terms[numbers[a]!]! < terms[numbers[b]!]! ? -1 : 1))
      .slice(0, telling)
    const norm = Math.hypot(...own.map((at) => weights[at]!)) || 1
    return own.map((at) => {
      const number = numbers[at]!
      if (postingOf[number] === -1) postingOf[number] = postings.push({ knots: [], weights: [] }) - 1
      const list = postings[postingOf[number]!]!
      list.knots.push(knot)
      list.weights.push(weights[at]! / norm)
      return { posting: postingOf[number]!, weight: weights[at]! / norm }
    })
  })
  const sums = new Float64Array(texts.length)
  return best.map((own, knot) => {
    const near: number[] = []
    for (const { posting, weight } of own.sort((a, b) => a.posting - b.posting)) {
      const { knots, weights } = postings[posting]!
      if (knots.length > mostLinked) continue
      for (let at = 0; at < knots.length; at++) {
        const other = knots[at]!
        if (other === knot) continue
        if (sums[other] === 0) near.push(other)
        sums[other]! += weight * weights[at]!
      }
    }
    near.sort((a, b) => sums[b]! - sums[a]! || a - b)
    const kept = new Map(near.slice(0, degree).map((other) => [other, sums[other]!]))
    for (const other of near) sums[other] = 0
    for (const beside of [knot - 1, knot + 1])
      if (beside >= 0 && beside < texts.length) kept.set(beside, (kept.get(beside) ?? 0) + 0.05)
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
