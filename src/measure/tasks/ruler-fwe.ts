import type { TaskMeta } from '../contract.ts'
import { counted } from '../generators/counted.ts'
import { around, drawing } from '../generators/draw.ts'
import { distinct } from '../generators/words.ts'
import { Lengths } from '../length.ts'
import { integer, shuffled } from '../random.ts'

export const meta = {
  name: 'ruler-fwe',
  summary: 'The three coded words that come most often, their frequencies by a zeta distribution.',
  paper: 'Hsieh et al. 2024, RULER, arXiv 2404.06654',
  options: { alpha: 2 },
  metrics: ['references-said'],
  diffusion: 'low',
  scope: 'high',
} as const satisfies TaskMeta

const dots = '....'
const filler = ` ${dots}`.repeat(32)
const asked = 3
const coded = (random: () => number): string =>
  Array.from({ length: 6 }, () => String.fromCharCode(97 + integer(0, 25, random))).join('')

/** Riemann's zeta at `alpha`: a sum, and the integral of the rest. */
function zeta(alpha: number): number {
  const terms = 10_000
  let sum = (terms + 0.5) ** (1 - alpha) / (alpha - 1)
  for (let at = 1; at <= terms; at++) sum += at ** -alpha
  return sum
}

/**
 * RULER's frequent words extraction: of n words that of rank k comes n / (k^alpha zeta(alpha)) times, rounded down, and
 * the first rank is the dots, which are noise; more dots fill the last tokens.
 */
export default drawing(meta.name, ({ options, length, counter }) => {
  const alpha = Math.max(1.01, Number(options.alpha))
  const normal = zeta(alpha)
  const shares = Array.from({ length: Math.max(50, Math.floor(length / 50)) }, (_, at) => (at + 1) ** -alpha / normal)
  const lengths = new Lengths()
  return async ({ id, random }) => {
    const words = [dots, ...distinct(shares.length - 1, () => coded(random))]
    const costs: number[] = []
    const frame = {
      instruction: 'Below is a text of coded words. Keep count of how often each of them comes.',
      question: `Which ${asked} words come most often in the coded text above? The dots '${dots}' do not count. Give the words and nothing else.`,
      cue: `The ${asked} words that come most often are:`,
    }
    const { made: text, tokens } = lengths.fit({
      length,
      counter,
      fixed: around(frame),
      piece: () => filler,
      cost(number) {
        let cost = 0
        for (let rank = 0; rank < words.length && shares[rank]! * (number + 1) >= 1; rank++) {
          const more = Math.floor(shares[rank]! * (number + 1)) - Math.floor(shares[rank]! * number)
          if (more > 0) cost += more * (costs[rank] ??= counter.count(` ${words[rank]}`))
        }
        return cost
      },
      compose(pieces, tail) {
        const list = words.flatMap((word, rank) => Array<string>(Math.floor(shares[rank]! * pieces)).fill(word))
        const filling = tail.trim() === '' ? [] : tail.trim().split(' ')
        const text = shuffled([...list, ...filling.map(() => dots)], random).join(' ')
        return { made: text, prompt: () => `${around(frame)}${text}` }
      },
    })
    const { source, evidence, solve } = await counted(id, text, words.slice(1), asked)
    return {
      ...frame,
      id,
      cell: meta.name,
      corpus: { id, sources: [source] },
      answers: words.slice(1, 1 + asked).map((word) => [word]),
      evidence,
      solve,
      tags: { length, alpha },
      tokens,
    }
  }
})
