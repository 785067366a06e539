import { estimateTokens, type Span, sentences } from '../../../core/index.ts'
import { answersIn } from '../../answers.ts'
import type { Sample } from '../../contract.ts'
import { hashOf } from '../../random.ts'
import type { Weaknesses } from './parameters.ts'

/** Longest piece of evidence that is looked for as a whole, in UTF-16 units. */
const longestWhole = 600

/** White space as single spaces; spaces that are so already, nearly all, are not touched. */
const folded = (text: string): string => text.replace(/\s{2,}|[^\S ]/g, ' ').trim()

/** UTF-16 units at the head of a mark by which it is found where there are `many`; few are looked for one by one. */
const head = 12
const many = 64

/** A number below 65,536 of the twelve units from a place on, by which most places are passed over. */
const print = (text: string, at: number): number =>
  (text.charCodeAt(at) * 31 + text.charCodeAt(at + 5) * 1009 + text.charCodeAt(at + 11) * 7919) & 0xffff

/** Tells for many marks at once where in a text each stands first; those that do not stand there are left out. */
class Finder {
  readonly #heads = new Map<string, string[]>()
  readonly #single: string[] = []
  readonly #prints = new Uint8Array(0x10000)

  constructor(marks: Iterable<string>) {
    const all = new Set(marks)
    for (const mark of all) {
      const key = mark.slice(0, head)
      if (all.size < many || mark.length < head) this.#single.push(mark)
      else if (this.#heads.has(key)) this.#heads.get(key)!.push(mark)
      else {
        this.#heads.set(key, [mark])
        this.#prints[print(key, 0)] = 1
      }
    }
  }

  places(text: string): ReadonlyMap<string, number> {
    const found = new Map<string, number>()
    for (const mark of this.#single) {
      const at = text.indexOf(mark)
      if (at !== -1) found.set(mark, at)
    }
    if (this.#heads.size === 0) return found
    for (let at = 0; at + head <= text.length; at++)
      if (this.#prints[print(text, at)] === 1)
        for (const mark of this.#heads.get(text.slice(at, at + head)) ?? [])
          if (!found.has(mark) && text.startsWith(mark, at)) found.set(mark, at)
    return found
  }
}

/** For each piece of evidence the texts of which any one shows it. */
export interface Marks {
  readonly finder: Finder
  /** Each piece as a whole. */
  readonly wholes: readonly string[]
  readonly evidence: readonly (readonly string[])[]
  /** The numbers of the pieces that a text shows. */
  readonly showing: ReadonlyMap<string, readonly number[]>
  readonly distractors: readonly string[]
}

/**
 * A piece of evidence is there when a prompt holds all of it, or one of its sentences that holds an answer which rests on
 * it; of a long piece without such a sentence, any.
 */
export function marksOf({ corpus, evidence, answers, needs, distractors = [] }: Sample): Marks {
  const texts = new Map(corpus.sources.map(({ id, text }) => [id, text]))
  const slice = ({ source, start, end }: Span): string => folded(texts.get(source)!.slice(start, end))
  const wholes = evidence.map(slice)
  const shown = wholes.map((whole, index) => {
    const own = answers.filter((_, group) => needs?.[group]?.includes(index) ?? true).flat()
    const parts = sentences(whole).map(([start, end]) => whole.slice(start, end).trim())
    const telling = parts.filter((part) => answersIn(part)(own))
    if (whole.length <= longestWhole) return [whole, ...(parts.length > 1 ? telling : [])]
    return telling.length > 0 ? telling : parts.filter((part) => part.length > 20)
  })
  const lures = distractors.map(({ span }) => slice(span))
  const showing = new Map<string, number[]>()
  for (const [index, texts] of shown.entries())
    for (const text of texts) {
      const known = showing.get(text)
      if (known) known.push(index)
      else showing.set(text, [index])
    }
  return {
    wholes,
    evidence: shown,
    showing,
    distractors: lures,
    finder: new Finder([...wholes, ...shown.flat(), ...lures]),
  }
}

/** The text that a reader of this window gets: of a longer prompt, the middle is left out. */
export function visibleRanges(prompt: string, window: number): [number, number][] {
  // A text has no more tokens than bytes.
  if (prompt.length * 3 <= window) return [[0, prompt.length]]
  const tokens = estimateTokens(prompt)
  if (tokens <= window) return [[0, prompt.length]]
  const half = Math.floor((prompt.length * window) / tokens / 2)
  return [
    [0, half],
    [prompt.length - half, prompt.length],
  ]
}

/** A number from 0 to 1 that hangs on these words alone. */
const lot = (...words: readonly (string | number)[]): number => {
  let hash = hashOf(words.join('\u0001'))
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296
}

export interface Seen {
  /** Numbers of the pieces of evidence that it saw, rising. */
  readonly evidence: ReadonlySet<number>
  /** Of a piece of evidence that stands in what it read only in part, the sentences that do. */
  parts(index: number): readonly string[] | undefined
  /** Numbers of the distractors that stand in what it read. */
  readonly distractors: readonly number[]
  /** For a group that needs so many pieces: whether they were joined. */
  joins(group: number, pieces: number): boolean
  /** Whether it takes a distractor for evidence. */
  readonly misled: boolean
  /** Which of so many candidates it names when it does not know; undefined where it owns up. */
  guess(candidates: number): number | undefined
}

/** Chance of seeing evidence at the ends of a prompt without distractors. */
export const throughout = ({ sight, length }: Weaknesses, tokens: number): number =>
  sight * (length ? 1 / (1 + (tokens / length.half) ** length.slope) : 1)
/** Share of that which is left among so many distractors. */
export const attentionOf = ({ distraction = 0 }: Weaknesses, distractors: number): number =>
  1 / (1 + distraction * distractors)
/** Share of that which is lost right in the middle; elsewhere as `shapeOf` has it. */
export const dipOf = ({ middle }: Weaknesses, tokens: number): number =>
  middle ? middle.loss * (tokens / (tokens + middle.scale)) : 0
/** From 0 at the ends to 1 in the middle, by the share of the prompt that stands before. */
export const shapeOf = (place: number): number => (4 * place * (1 - place)) ** 2

/** Chance to join one further piece of evidence. */
export const joiningOf = ({ joining = 1, reach }: Weaknesses, tokens: number): number =>
  joining / (1 + (reach === undefined ? 0 : tokens / reach))

/** What a reader with these weaknesses sees of a prompt: the same for the same prompt and seed. */
export function look(sample: Sample, marks: Marks, prompt: string, weaknesses: Weaknesses, seed: number): Seen {
  const { window, guessing = 0, breakdown } = weaknesses
  const read = folded(
    visibleRanges(prompt, window)
      .map(([start, end]) => prompt.slice(start, end))
      .join(' '),
  )
  const tokens = estimateTokens(read)
  const draw = `${seed} ${sample.id} ${hashOf(read)}`
  if (breakdown && tokens > breakdown.tokens && lot(draw, 'breaks') >= breakdown.left)
    return {
      evidence: new Set(),
      parts: () => undefined,
      distractors: [],
      joins: () => false,
      misled: false,
      guess: () => undefined,
    }
  const places = marks.finder.places(read)
  const present = marks.distractors.flatMap((mark, index) => (places.has(mark) ? [index] : []))
  const attention = attentionOf(weaknesses, present.length)
  const [clear, dip] = [throughout(weaknesses, tokens), dipOf(weaknesses, tokens)]
  const chances = new Map<number, number>()
  for (const [mark, at] of places)
    for (const index of marks.showing.get(mark) ?? []) {
      const place = (at + mark.length / 2) / read.length
      chances.set(index, Math.max(chances.get(index) ?? 0, clear * attention * (1 - dip * shapeOf(place))))
    }
  const seen = [...chances].flatMap(([index, chance]) => (lot(draw, 'sees', index) < chance ? [index] : []))
  const evidence = new Set(seen.sort((one, other) => one - other))
  return {
    evidence,
    parts: (index) =>
      places.has(marks.wholes[index]!) ? undefined : marks.evidence[index]!.filter((text) => places.has(text)),
    distractors: present,
    joins: (group, pieces) => lot(draw, 'joins', group) < joiningOf(weaknesses, tokens) ** Math.max(0, pieces - 1),
    misled: present.length > 0 && lot(draw, 'misled') < 1 - attention,
    guess: (candidates) =>
      candidates > 1 && lot(draw, 'guesses') < guessing ? Math.floor(lot(draw, 'names') * candidates) : undefined,
  }
}
