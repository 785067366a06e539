import type { Compressor, CompressorMeta } from '../contract.ts'

export const meta = {
  name: 'random',
  summary: 'Sentences drawn at random from a seed: a baseline.',
  needs: [],
} as const satisfies CompressorMeta

/** FNV-1a with a final mix, to a number from 0 to 1. */
function draw(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000
}

/** A compressor whose draw depends on the place of a unit and on `seed` (an integer) alone. */
export const randomOf = (seed: number): Compressor => ({
  grain: 'sentence',
  async score(units) {
    return Float64Array.from(units, ({ span }) => draw(`${span.source}:${span.start}:${span.end}`, seed))
  },
})

export default randomOf(1)
