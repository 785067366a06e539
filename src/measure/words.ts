const articles = /\b(a|an|the)\b/g
const unspaced = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/g

/**
 * Text as SQuAD compares it: lower case, without signs and articles, single spaces. Rajpurkar et al. 2016, arXiv 1606.05250.
 * Signs are taken away, not turned into spaces, so that `U.S.` is `us`.
 */
export const bare = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^\p{L}\p{M}\p{N}\s]+/gu, '')
    .replace(articles, ' ')
    .replace(/\s+/g, ' ')
    .trim()

/** The words that are left; each character of Han and kana is one. */
export const bareWords = (text: string): string[] =>
  bare(text)
    .replace(unspaced, ' $& ')
    .split(' ')
    .filter((word) => word !== '')

/** Words that two lists share, each as often as both have it. */
export function common(one: readonly string[], other: readonly string[]): number {
  const left = new Map<string, number>()
  for (const word of one) left.set(word, (left.get(word) ?? 0) + 1)
  let count = 0
  for (const word of other) {
    const held = left.get(word) ?? 0
    if (held === 0) continue
    left.set(word, held - 1)
    count++
  }
  return count
}

/** The harmonic mean of precision and recall. */
export const harmonic = (precision: number, recall: number): number =>
  precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
