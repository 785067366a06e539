import type { Compressor, CompressorMeta } from '../contract.ts'

export const meta = {
  name: 'whole',
  summary: 'Whole passages by their own score; nothing is cut.',
  needs: [],
} as const satisfies CompressorMeta

/** The score of the passage itself. */
const whole: Compressor = {
  grain: 'passage',
  async score(units) {
    return Float64Array.from(units, (unit) => unit.passageScore)
  },
}
export default whole
