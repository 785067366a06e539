import { bareWords, common, harmonic } from './words.ts'

/** Words that tell nothing of an answer, by our own choice. */
const empty = new Set(
  'about after also and are as at be because been before being but by can could did do does for from had has have he her hers him his how i if in into is it its me more my no nor not of on or our she should so than that their them then there these they this those to too up us very was we were what when where which while who whom whose why will with would you your'.split(
    ' ',
  ),
)
const unspaced = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/

/** Share of the keywords' words that were said, words that tell nothing never counting as said. */
export function keywordRecall(said: string, keywords: string): number {
  const wanted = bareWords(keywords)
  const telling = wanted.filter((word) => !empty.has(word))
  return wanted.length === 0 ? 0 : common(bareWords(said), telling) / wanted.length
}

/**
 * Word F1 with the nearest form of the answer, 0 where fewer of its keywords were said than a fifth (two fifths in Han and
 * kana, where each character is a word). Yuan et al. 2024, LV-Eval, arXiv 2402.05136: as its program has it, which gates
 * before it counts and leaves empty words in the F1; its list of them and its Chinese words are others. Without keywords
 * nothing is gated, but in Han and kana, where the form itself takes their place.
 */
export function gatedF1(said: string, forms: readonly string[], keywords?: string): number {
  const heard = bareWords(said)
  return Math.max(
    0,
    ...forms.map((form) => {
      const gate = keywords || (unspaced.test(form) ? form : '')
      if (gate !== '' && keywordRecall(said, gate) < (unspaced.test(gate) ? 0.4 : 0.2)) return 0
      const wanted = bareWords(form)
      const shared = common(heard, wanted)
      return shared === 0 ? 0 : harmonic(shared / heard.length, shared / wanted.length)
    }),
  )
}
