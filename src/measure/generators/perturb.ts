import { FoveaError, makeSource, type OutlineNode, type Source, type Span } from '../../core/index.ts'
import { answersIn } from '../answers.ts'
import type { Corpus, Sample, Unit } from '../contract.ts'
import { textOf } from '../corpus.ts'
import { hashOf, integer, pick, seededRandom } from '../random.ts'
import { layTerms, stopWords } from './lay.ts'

/** FailSafeQA's: three of the question and three of the context. Kamble et al. 2025, arXiv 2502.06329. */
export const perturbations = ['misspelt', 'incomplete', 'lay', 'missing', 'irrelevant', 'degraded'] as const
export type Perturbation = (typeof perturbations)[number]

const letters = /(?<![\p{L}\p{N}_])[\p{Script=Latin}\p{Script=Cyrillic}]{4,}(?![\p{N}_])/gu

/** Swaps, drops, doubles or mistypes a letter in about every third word of four letters or more, in one at least. */
export function misspelt(question: string, random: () => number): string {
  const words = [...question.matchAll(letters)]
  if (words.length === 0) {
    // Where no words are parted by spaces two neighbours change places.
    const places = [...question.matchAll(/(?=\p{L}\p{L})/gu)].map(({ index }) => index)
    const at = places.length === 0 ? undefined : pick(places, random)
    if (at === undefined) return question
    const [one, other] = [...question.slice(at)]
    return `${question.slice(0, at)}${other}${one}${question.slice(at + one!.length + other!.length)}`
  }
  const sure = integer(0, words.length - 1, random)
  let out = ''
  let from = 0
  for (const [index, { 0: word, index: start }] of words.entries()) {
    if (index !== sure && random() > 0.35) continue
    out += question.slice(from, start) + typo(word, random)
    from = start + word.length
  }
  return out + question.slice(from)
}

function typo(word: string, random: () => number): string {
  for (;;) {
    const at = integer(1, word.length - 2, random)
    const [before, one, next, after] = [word.slice(0, at), word[at]!, word[at + 1]!, word.slice(at + 2)]
    const made = pick(
      [
        before + next + one + after,
        before + next + after,
        before + one + one + next + after,
        before + near(one) + next + after,
      ],
      random,
    )
    if (made !== word) return made
  }
}

const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'йцукенгшщзх', 'фывапролджэ', 'ячсмитьбю']
function near(letter: string): string {
  const row = rows.find((keys) => keys.includes(letter.toLowerCase()))
  if (!row) return letter + letter
  const at = row.indexOf(letter.toLowerCase())
  return row[at + 1] ?? row[at - 1]!
}

/** What somebody types in haste: the words that carry it, without grammar; else the first two thirds. */
export function incomplete(question: string): string {
  const words = question.split(/\s+/).filter((word) => word !== '')
  const kept = words.filter((word) => !stopWords.has(word.toLowerCase().replace(/[^\p{L}']/gu, '')))
  const short =
    kept.length >= 2 && kept.length < words.length ? kept : words.slice(0, Math.ceil((words.length * 2) / 3))
  const text = short.join(' ').replace(/[?.!:。？]+$/u, '')
  if (words.length === 1) return text.slice(0, Math.ceil((text.length * 2) / 3))
  return text === '' ? question : text
}

/** In the words of somebody who does not know the field, by a small table; the question itself where it holds none of them. */
export function lay(question: string): string {
  let text = question
  for (const [term, plain] of layTerms)
    text = text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${term}(?![\\p{L}\\p{N}])`, 'giu'), (found) =>
      /^\p{Lu}/u.test(found) ? plain[0]!.toUpperCase() + plain.slice(1) : plain,
    )
  return text
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

const confusions: readonly (readonly [string, string])[] = [
  ['rn', 'm'],
  ['m', 'rn'],
  ['cl', 'd'],
  ['d', 'cl'],
  ['vv', 'w'],
  ['w', 'vv'],
  ['e', 'c'],
  ['c', 'e'],
  ['i', 'l'],
  ['l', '1'],
  ['o', '0'],
  ['h', 'b'],
  ['n', 'u'],
  ['u', 'n'],
  ['a', 'o'],
  ['t', 'f'],
  ['S', '5'],
  ['B', '8'],
  ['O', '0'],
  ['I', 'l'],
  ['已', '己'],
  ['未', '末'],
  ['日', '曰'],
  ['人', '入'],
  ['ш', 'щ'],
  ['и', 'н'],
]
const byFirst = Map.groupBy(confusions, ([from]) => from[0]!)
/** Chance of a confusion where there may be one, of a break in a word of six letters or more, and of a lost space. */
const rates = { confusion: 0.06, broken: 0.04, joined: 0.04 } as const

/** What scanning does to a text. Figures stay, so that what they say can still be read. No edit runs over one of the borders. */
export function noiseIn(text: string, borders: ReadonlySet<number>, random: () => number): Edit[] {
  const edits: Edit[] = []
  const free = (start: number, end: number): boolean => {
    for (let at = start + 1; at < end; at++) if (borders.has(at)) return false
    return true
  }
  let word = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === ' ') {
      word = 0
      if (random() < rates.joined && /\S/.test(text[at + 1] ?? ' ') && !borders.has(at) && !borders.has(at + 1))
        edits.push({ start: at, end: at + 1, text: '' })
      continue
    }
    if (!/\p{L}/u.test(character)) {
      word = 0
      continue
    }
    word++
    const choices = byFirst.get(character)?.filter(([from]) => text.startsWith(from, at) && free(at, at + from.length))
    if (choices?.length && random() < rates.confusion) {
      const [from, to] = pick(choices, random)
      edits.push({ start: at, end: at + from.length, text: to })
      at += from.length - 1
    } else if (word >= 3 && !borders.has(at) && /^\p{L}{3}/u.test(text.slice(at, at + 3)) && random() < rates.broken) {
      edits.push({ start: at, end: at, text: random() < 0.5 ? ' ' : '-\n' })
      word = 0
    }
  }
  return edits
}

/** A text after edits that follow each other, and where each of its offsets then is. */
export function edited(
  text: string,
  edits: readonly Edit[],
): { readonly text: string; readonly place: (offset: number) => number } {
  const parts: string[] = []
  const shifts: { readonly at: number; readonly by: number }[] = []
  let from = 0
  let by = 0
  for (const { start, end, text: put } of edits) {
    parts.push(text.slice(from, start), put)
    from = end
    by += put.length - (end - start)
    shifts.push({ at: end, by })
  }
  parts.push(text.slice(from))
  return {
    text: parts.join(''),
    place(offset) {
      let [low, high] = [0, shifts.length]
      while (low < high) {
        const middle = (low + high) >>> 1
        if (shifts[middle]!.at <= offset) low = middle + 1
        else high = middle
      }
      return offset + (shifts[low - 1]?.by ?? 0)
    },
  }
}

/** A corpus as a bad scan of it, and where spans of it then stand. */
async function degrade(corpus: Corpus, spans: readonly Span[], seed: number) {
  const bySource = Map.groupBy([...spans, ...(corpus.units ?? [])], ({ source }) => source)
  const scans = new Map<string, { readonly source: Source; readonly place: (offset: number) => number }>()
  for (const source of corpus.sources) {
    const { id, origin: _, outline, text, ...rest } = source
    const borders = new Set([...(bySource.get(id) ?? []), ...(outline ?? [])].flatMap(({ start, end }) => [start, end]))
    const scan = edited(text, noiseIn(text, borders, seededRandom(hashOf(`scan ${seed} ${id}`))))
    const nodes = outline?.map(
      (node): OutlineNode => ({ ...node, start: scan.place(node.start), end: scan.place(node.end) }),
    )
    const made = await makeSource({ ...rest, text: scan.text, ...(nodes ? { outline: nodes } : {}) })
    scans.set(id, { source: made, place: scan.place })
  }
  const move = ({ source, start, end }: Span): Unit => {
    const scan = scans.get(source)!
    return { source: scan.source.id, start: scan.place(start), end: scan.place(end) }
  }
  const sources = corpus.sources.map(({ id }) => scans.get(id)!.source)
  const moved: Corpus = {
    id: `${corpus.id} degraded`,
    sources,
    ...(corpus.units ? { units: corpus.units.map(move) } : {}),
  }
  return { corpus: moved, move }
}

const nothing = '[The document that belongs here could not be loaded.]'

/** Nothing in this context answers: only a refusal is right. */
function unanswerable(sample: Sample, corpus: Corpus, delivered: number | undefined): Sample {
  const { needs: _n, distractors: _d, solve: _s, check: _c, delivered: _v, unresolved: _u, ...rest } = sample
  return { ...rest, corpus, answers: [], evidence: [], ...(delivered === undefined ? {} : { delivered }) }
}

/**
 * The same samples after one perturbation, with tag `perturbed` and the same ids, so that results pair. A perturbed prompt
 * has no stated number of tokens. Throws `perturb-alone` where an irrelevant context is asked for and there is one corpus.
 */
export async function* perturbed(
  samples: AsyncIterable<Sample>,
  kind: Perturbation,
  seed: number,
): AsyncGenerator<Sample> {
  const tagged = ({ tokens: _, ...sample }: Sample, changed = true): Sample => ({
    ...sample,
    tags: { ...sample.tags, perturbed: kind, ...(changed ? {} : { changed }) },
  })
  if (kind === 'irrelevant') {
    for await (const sample of withOthers(samples)) yield tagged(sample)
    return
  }
  let group: Sample[] = []
  const flush = async function* (): AsyncGenerator<Sample> {
    if (group.length === 0) return
    const spans = group.flatMap(({ evidence, distractors = [] }) => [
      ...evidence,
      ...distractors.map(({ span }) => span),
    ])
    const { corpus, move } = await degrade(group[0]!.corpus, spans, seed)
    for (const sample of group)
      yield tagged({
        ...sample,
        corpus,
        evidence: sample.evidence.map(move),
        ...(sample.distractors
          ? { distractors: sample.distractors.map((one) => ({ ...one, span: move(one.span) })) }
          : {}),
      })
    group = []
  }
  let empty: Corpus | undefined
  for await (const sample of samples) {
    const random = seededRandom(hashOf(`${kind} ${seed} ${sample.id}`))
    const { question } = sample
    if (kind === 'degraded') {
      if (group.length > 0 && group[0]!.corpus !== sample.corpus) yield* flush()
      group.push(sample)
      continue
    }
    if (kind === 'missing') {
      empty ??= {
        id: 'missing',
        sources: [await makeSource({ uri: 'missing.txt', text: nothing, mediaType: 'text/plain' })],
      }
      yield tagged(unanswerable(sample, empty, undefined))
      continue
    }
    const made = {
      misspelt: () => misspelt(question, random),
      incomplete: () => incomplete(question),
      lay: () => lay(question),
    }[kind]()
    yield tagged({ ...sample, question: made }, made !== question)
  }
  yield* flush()
}

/** Each sample with the context of another one, such that does not hold its answers where there is one. */
async function* withOthers(samples: AsyncIterable<Sample>): AsyncGenerator<Sample> {
  const known: {
    readonly corpus: Corpus
    readonly delivered: number | undefined
    readonly holds: (answers: readonly string[]) => boolean
  }[] = []
  let waiting: Sample[] = []
  const swap = (sample: Sample): Sample | undefined => {
    const others = known.filter(({ corpus }) => corpus !== sample.corpus)
    const fit =
      others.findLast(({ holds }) => !(sample.answers.length > 0 && sample.answers.every(holds))) ?? others.at(-1)
    return fit && unanswerable(sample, fit.corpus, fit.delivered)
  }
  for await (const sample of samples) {
    if (known.at(-1)?.corpus !== sample.corpus) {
      known.push({
        corpus: sample.corpus,
        delivered: sample.delivered,
        holds: answersIn(textOf(sample.corpus.sources)),
      })
      if (known.length > 4) known.shift()
    }
    waiting.push(sample)
    if (known.length < 2) continue
    for (const one of waiting) yield swap(one)!
    waiting = []
  }
  if (waiting.length > 0)
    throw new FoveaError(
      'perturb-alone',
      'an irrelevant context is that of another sample: ask for samples over two texts at least',
    )
}
