import type { Compressor, CompressorMeta } from '../contract.ts'

export const meta = {
  name: 'head',
  summary: 'The first sentences of the text, whatever the question: a baseline.',
  needs: [],
} as const satisfies CompressorMeta

/** Earlier is better: units come in document order. */
const head: Compressor = {
  grain: 'sentence',
  async score(units) {
    return Float64Array.from(units, (_, index) => -index)
  },
}
export default head
