import { readSources } from '../adapters/haystack.ts'
import { wordAnalyzer } from '../analyzer.ts'
import type { Corpus, Dataset, DatasetMeta, Sample } from '../contract.ts'
import { type Cloze, clozes, isUnique } from '../generators/cloze.ts'
import { plant } from '../generators/plant.ts'
import { drawn, hashOf, seededRandom, shuffled } from '../random.ts'

export const meta = {
  name: 'own-folder',
  summary:
    'Questions made from any files without labels: gaps whose filling stands nowhere else, and needles planted in their text.',
  folder: '.',
  licence: 'your own',
  metrics: ['answer-kept', 'references-said'],
  tested: 'shape',
} as const satisfies DatasetMeta

const asks: Readonly<Record<Cloze['kind'], string>> = {
  number: 'Which number',
  date: 'Which date',
  name: 'Which name',
  identifier: 'Which identifier',
  quotation: 'Which quoted words',
}
/** Content words of the sentence that the question gives: few make it hard to find, most make it easy. */
const shares = { few: 3, half: 0.5, most: 0.8 } as const

/** `data` is a file or folder. Its whole text is one corpus; of each cell at most `samples` (default 60) are made. */
const dataset: Dataset = async function* ({ data, cells, samples = 60, options = {}, abortSignal, warn }) {
  const sources = await readSources([data], (message) => warn?.({ path: data, message }), abortSignal)
  const seed = Number(options.seed ?? 1)
  const corpus: Corpus = { id: data, sources }
  const wanted = (cell: string): boolean => !cells || cells.includes(cell)
  const random = seededRandom(hashOf(`own-folder ${seed}`))
  const found: Cloze[] = []
  for (const cloze of shuffled([...clozes(sources, await wordAnalyzer())], random)) {
    if (found.length >= 3 * samples) break
    if (isUnique(cloze.answer, sources)) found.push(cloze)
  }
  for (const [index, [level, share]] of Object.entries(shares).entries()) {
    const cell = `gaps, ${level} words`
    if (!wanted(cell)) continue
    for (const [number, cloze] of found.slice(index * samples, (index + 1) * samples).entries()) {
      const count = Math.max(2, share < 1 ? Math.round(cloze.words.length * share) : share)
      const given = new Set(drawn(cloze.words, count, random))
      const words = cloze.words.filter((word) => given.has(word)).join(' ')
      yield {
        id: `gap ${level} ${number}`,
        cell,
        corpus,
        question: `${asks[cloze.kind]} goes with: ${words}?`,
        answers: [[cloze.answer]],
        evidence: [cloze.sentence],
        tags: { kind: cloze.kind, words: level, source: cloze.source.uri },
      } satisfies Sample
    }
  }
  if (!wanted('needles')) return
  for (let number = 0; number < Math.min(samples, 20); number++) yield await plant(corpus, number, seed)
}
export default dataset
