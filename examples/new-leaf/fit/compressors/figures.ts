import type { Compressor, CompressorMeta } from '../contract.ts'

export const meta = {
  name: 'figures',
  summary: 'Sentences with the most figures first.',
  needs: [],
} as const satisfies CompressorMeta

const figures: Compressor = {
  grain: 'sentence',
  score: async (units) => Float64Array.from(units, ({ text }) => text.match(/\d+/g)?.length ?? 0),
}
export default figures
