import type { RetrieverFactory, RetrieverMeta } from '../contract.ts'

export const meta = {
  name: 'band',
  summary: 'Keeps the passages whose scores lie in a band of the best score: fewer that look right and are not.',
  paper: 'Shim et al. 2025, LDAR: Learning Distraction-Aware Retrieval, arXiv 2509.21865; no band is learned here',
  needs: ['inner'],
} as const satisfies RetrieverMeta

export interface BandOptions {
  /** Least and greatest score, as shares of the way from nothing (or the lowest score below it) to the best. Default 0.5 and 1. */
  readonly from: number
  readonly to: number
  /** Passages that are kept whatever they score, so long as they are within `to`. Default 1. */
  readonly least: number
}

/** Keeps passages whose scores lie in a band. The paper learns the band for each question; ours is given, and holds for all. */
const make: RetrieverFactory<BandOptions> = ({ inner: [first] }, { from = 0.5, to = 1, least = 1 } = {}) => ({
  name: meta.name,
  async retrieve(query) {
    query.abortSignal?.throwIfAborted()
    const found = (await first?.retrieve(query)) ?? []
    const low = Math.min(0, found.at(-1)?.score ?? 0)
    const range = (found[0]?.score ?? 0) - low
    const share = (score: number): number => (range > 0 ? (score - low) / range : 1)
    return found
      .filter(({ score }) => share(score) <= to)
      .filter(({ score }, rank) => rank < least || share(score) >= from)
      .map((passage) => ({ ...passage, trail: [...passage.trail, meta.name] }))
  },
})

export default make
