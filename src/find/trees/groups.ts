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
  for (let round = 0; round < rounds; round++) {
    const leaning = new Map(
      members.map((member) => [member, dot(vectors[member]!, one) - dot(vectors[member]!, two)] as const),
    )
    const sorted = [...members].sort((first, second) => leaning.get(second)! - leaning.get(first)! || first - second)
    const natural = sorted.findIndex((member) => leaning.get(member)! <= 0)
    const least = Math.ceil(members.length / 4)
    const cut = Math.min(members.length - least, Math.max(least, natural === -1 ? members.length : natural))
    const next: [number[], number[]] = [sorted.slice(0, cut), sorted.slice(cut)]
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
