import { dot, unit } from '../../model/index.ts'

const rounds = 6

function centre(vectors: readonly Float32Array[], members: readonly number[]): Float32Array {
  const sum = new Float32Array(vectors[0]!.length)
  for (const member of members) {
    const vector = vectors[member]!
    for (let at = 0; at < sum.length; at++) sum[at]! += vector[at]!
  }
  return unit(sum)
}

function farthest(vectors: readonly Float32Array[], members: readonly number[], from: Float32Array): number {
  let best = members[0]!
  let least = Infinity
  for (const member of members) {
    const near = dot(vectors[member]!, from)
    if (near < least) {
      least = near
      best = member
    }
  }
  return best
}

/** Parts members in two by two centres, neither part less than a quarter, so that the work stays within n log n. */
function halve(vectors: readonly Float32Array[], members: readonly number[]): [number[], number[]] {
  let one = vectors[farthest(vectors, members, centre(vectors, members))]!
  let two = vectors[farthest(vectors, members, one)]!
  let parts: [number[], number[]] = [[], []]
  const least = Math.ceil(members.length / 4)
  for (let round = 0; round < rounds; round++) {
    const leaning = Float64Array.from(members, (member) => dot(vectors[member]!, one) - dot(vectors[member]!, two))
    const next: [number[], number[]] = [[], []]
    for (const [at, member] of members.entries()) next[leaning[at]! > 0 ? 0 : 1].push(member)
    if (Math.min(next[0].length, next[1].length) < least) {
      const order = [...members.keys()].sort((first, second) => leaning[second]! - leaning[first]! || first - second)
      const cut = next[0].length < least ? least : members.length - least
      next[0] = order.slice(0, cut).map((at) => members[at]!)
      next[1] = order.slice(cut).map((at) => members[at]!)
    }
    const same = next[0].length === parts[0].length && next[0].every((member, at) => member === parts[0][at])
    parts = next
    if (same) break
    one = centre(vectors, parts[0])
    two = centre(vectors, parts[1])
  }
  return parts
}

/**
 * Groups of at most `most` vectors (each of length one) that are near each other, by halving again and again; members and
 * groups in the order of the vectors. The same vectors give the same groups.
 */
export function groupsOf(vectors: readonly Float32Array[], most: number): number[][] {
  const groups: number[][] = []
  const open: number[][] = [vectors.map((_, number) => number)]
  while (open.length > 0) {
    const members = open.pop()!
    if (members.length <= most) {
      if (members.length > 0) groups.push(members.sort((first, second) => first - second))
      continue
    }
    open.push(...halve(vectors, members))
  }
  return groups.sort(([first], [second]) => first! - second!)
}
