/** BM25's inverse document frequency of a term that `held` of `texts` texts hold: above 0, and the larger the rarer. */
export function inverseDocumentFrequency(texts: number, held: number): number {
  const among = Math.min(held, texts)
  return Math.log(1 + (texts - among + 0.5) / (among + 0.5))
}
