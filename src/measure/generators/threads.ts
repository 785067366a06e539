import { randomId, shuffled } from '../random.ts'
import { distinct } from './words.ts'

/** A key of a haystack with its value, or with several between which its thread branches. */
export interface Link {
  readonly key: string
  readonly values: readonly string[]
  /** It is no part of the longest way. */
  readonly side?: true
}
export interface Threads {
  /** In the order in which they are to stand in the text. */
  readonly links: readonly Link[]
  readonly starts: readonly string[]
  /** The last value of each thread. */
  readonly ends: readonly string[]
}
export const directions = ['forward', 'backward', 'random'] as const

/** Mixes threads so that the links of each keep their order. */
function interleaved(threads: readonly (readonly Link[])[], random: () => number): Link[] {
  const turns = shuffled(
    threads.flatMap((links, thread) => links.map(() => thread)),
    random,
  )
  const next = threads.map(() => 0)
  return turns.map((thread) => threads[thread]![next[thread]!++]!)
}

/** Threads of so many links each, one link leading to the next; forward means that it stands further on in the text. */
export function threadsOf(
  { count, hops, direction }: { count: number; hops: number; direction: (typeof directions)[number] },
  random: () => number,
): Threads {
  const ids = distinct(count * (hops + 1), () => randomId(random))
  const threads = Array.from({ length: count }, (_, thread) => {
    const own = ids.slice(thread * (hops + 1), (thread + 1) * (hops + 1))
    return own.slice(0, hops).map((key, at): Link => ({ key, values: [own[at + 1]!] }))
  })
  const starts = threads.map((links) => links[0]!.key)
  const ends = threads.map((links) => links.at(-1)!.values[0]!)
  const ordered =
    direction === 'random'
      ? shuffled(threads.flat(), random)
      : interleaved(direction === 'forward' ? threads : threads.map((links) => links.toReversed()), random)
  return { links: ordered, starts, ends }
}

/** One thread that branches at every link but the last; all branches but one end sooner. */
export function branchingThread(
  { hops, branches, direction }: { hops: number; branches: number; direction: (typeof directions)[number] },
  random: () => number,
): Threads {
  const main = distinct(hops + 1, () => randomId(random))
  const levels = main.slice(0, hops).map((key, at): Link[] => {
    const next = main[at + 1]!
    if (at === hops - 1) return [{ key, values: [next] }]
    const sides = distinct(branches - 1, () => randomId(random))
    return [
      { key, values: shuffled([next, ...sides], random) },
      ...(at === hops - 2 ? [] : sides.map((key): Link => ({ key, values: [randomId(random)], side: true }))),
    ]
  })
  const links = direction === 'backward' ? levels.toReversed() : levels
  return {
    links: direction === 'random' ? shuffled(levels.flat(), random) : links.flat(),
    starts: [main[0]!],
    ends: [main[hops]!],
  }
}

/** Where the longest way from a key leads over the links that are known; the key itself where it is not. */
export function followed(key: string, links: readonly Link[]): string {
  const byKey = new Map(links.map((link) => [link.key, link.values]))
  const walk = (at: string): { readonly end: string; readonly steps: number } => {
    const ways = (byKey.get(at) ?? []).map(walk)
    if (ways.length === 0) return { end: at, steps: 0 }
    const best = ways.reduce((one, other) => (other.steps > one.steps ? other : one))
    return { end: best.end, steps: best.steps + 1 }
  }
  return walk(key).end
}
