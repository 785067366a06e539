import { makeSource, type Span, sentences } from '../../core/index.ts'
import type { Corpus, Sample } from '../contract.ts'
import { hashOf, integer, pick, seededRandom } from '../random.ts'
import { wordPair } from './words.ts'

const frames = [
  'The code word for the {key} is {value}.',
  'Remember that the {key} carries the number {value}.',
  '{value} is what the label on the {key} says.',
]

/** A copy of one Source of a corpus with a sentence hidden in it that belongs nowhere, and the question for it. */
export async function plant(corpus: Corpus, number: number, seed: number): Promise<Sample> {
  const random = seededRandom(hashOf(`plant ${seed} ${number}`))
  const at = Math.floor(random() * corpus.sources.length)
  const source = corpus.sources[at]!
  const key = wordPair(random).replace('-', ' ')
  const value = String(integer(100_000, 999_999, random))
  const needle = pick(frames, random).replace('{key}', key).replace('{value}', value)
  const places = sentences(source.text)
  const depth = random()
  const [place] = places[Math.min(places.length - 1, Math.floor(depth * places.length))] ?? [0]
  const text = `${source.text.slice(0, place)}${needle} ${source.text.slice(place)}`
  const { id: _id, outline: _outline, origin: _origin, ...rest } = source
  const changed = await makeSource({ ...rest, text })
  const evidence: Span = { source: changed.id, start: place, end: place + needle.length }
  return {
    id: `needle ${number}`,
    cell: 'needles',
    corpus: { id: `${corpus.id} needle ${number}`, sources: corpus.sources.with(at, changed) },
    question: `Which number belongs to the ${key}?`,
    answers: [[value]],
    evidence: [evidence],
    tags: { kind: 'needle', depth: Math.round(depth * 100) / 100, source: source.uri },
  }
}
