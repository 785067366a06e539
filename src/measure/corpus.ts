import { makeSource, type OutlineNode, type Source, type Span } from '../core/index.ts'
import type { Corpus, Dataset, DatasetRequest, Sample, Tags, Unit } from './contract.ts'

/** Units that stand together in one text. */
export interface PoolDocument {
  readonly name: string
  readonly title?: string
  /** Milliseconds since 1970 (UTC): the units are then turns of that day. */
  readonly time?: number
  readonly units: readonly { readonly text: string; readonly plain?: string }[]
}
export interface PoolQuestion {
  readonly text: string
  /** Numbers of the units that hold the evidence, counted through all documents of the pool from 0. */
  readonly gold?: readonly number[]
  /** Half-open UTF-16 ranges of the evidence in a pool of one document of one unit. */
  readonly ranges?: readonly (readonly [start: number, end: number])[]
  /** Each of them answers the question. */
  readonly answers?: readonly string[]
  readonly choices?: readonly string[]
  readonly tags?: Tags
  readonly unresolved?: number
}
/** What is searched together, and what is asked of it: how most data sets are published. */
export interface Pool {
  readonly cell: string
  readonly documents: readonly PoolDocument[]
  readonly questions: readonly PoolQuestion[]
  /** Its documents are whole texts, to be cut by whoever reads them. */
  readonly uncut?: boolean
}

export const separator = '\n'

/** A document's text, its units joined by a line feed, with the half-open range of each. */
export function joined(units: readonly { readonly text: string }[]): {
  readonly text: string
  readonly ranges: readonly (readonly [number, number])[]
} {
  let at = 0
  const ranges = units.map((unit) => {
    const range = [at, at + unit.text.length] as const
    at = range[1] + separator.length
    return range
  })
  return { text: units.map((unit) => unit.text).join(separator), ranges }
}

/** A pool of one document. */
export const pool = (cell: string, texts: readonly string[], questions: Pool['questions']): Pool => ({
  cell,
  documents: [{ name: cell, units: texts.map((text) => ({ text })) }],
  questions,
})

/** The samples of a pool, or of those of its questions that are wanted: its units are the passages, and the gold units are the evidence. */
export async function* samplesOf(
  pool: Pool,
  name = pool.cell,
  wanted: (question: number) => boolean = () => true,
): AsyncGenerator<Sample> {
  const sources: Source[] = []
  const units: Unit[] = []
  for (const { name, time, title, units: own } of pool.documents) {
    const { text, ranges } = joined(own)
    const turns = ranges.map(([start, end]): OutlineNode => ({ kind: 'turn', level: 1, start, end }))
    const source = await makeSource({
      uri: `${name}.txt`,
      text,
      mediaType: 'text/plain',
      ...(time === undefined ? {} : { time, outline: turns }),
      ...(title === undefined ? {} : { title }),
    })
    sources.push(source)
    for (const [index, [start, end]] of ranges.entries()) {
      const { plain } = own[index]!
      units.push({ source: source.id, start, end, ...(plain === undefined ? {} : { plain }) })
    }
  }
  const corpus: Corpus = { id: name, sources, ...(pool.uncut ? {} : { units }) }
  for (const [index, question] of pool.questions.entries()) {
    if (!wanted(index)) continue
    const { text, gold = [], ranges, answers = [], choices, tags = {}, unresolved = 0 } = question
    const evidence = ranges
      ? ranges.map(([start, end]): Span => ({ source: sources[0]!.id, start, end }))
      : gold.map((unit): Span => {
          const { source, start, end } = units[unit]!
          return { source, start, end }
        })
    yield {
      id: `${name} ${index}`,
      cell: pool.cell,
      corpus,
      question: text,
      answers: answers.length === 0 ? [] : [answers],
      evidence,
      tags,
      ...(choices ? { choices } : {}),
      ...(unresolved === 0 ? {} : { unresolved }),
    }
  }
}

/**
 * A data set published as pools. Cells that are not asked for are left out, and of each cell no more than `samples` questions are asked,
 * spread evenly over all of its pools, since neighbours are often on one text; a pool none of whose questions is asked is not made.
 */
export const pools = (read: (request: DatasetRequest) => AsyncIterable<Pool>): Dataset =>
  async function* (request) {
    const { cells, samples = Number.POSITIVE_INFINITY } = request
    const totals = new Map<string, number>()
    if (samples < Number.POSITIVE_INFINITY)
      for await (const { cell, questions } of read(request))
        totals.set(cell, (totals.get(cell) ?? 0) + questions.length)
    const asked = new Map<string, number>()
    let number = 0
    for await (const pool of read(request)) {
      request.abortSignal?.throwIfAborted()
      number++
      if (cells && !cells.includes(pool.cell)) continue
      const before = asked.get(pool.cell) ?? 0
      asked.set(pool.cell, before + pool.questions.length)
      const total = totals.get(pool.cell) ?? 0
      const until = (questions: number): number => Math.floor((questions * samples) / total)
      const wanted = (question: number): boolean =>
        samples >= total || until(before + question + 1) > until(before + question)
      if (pool.questions.some((_, question) => wanted(question)))
        yield* samplesOf(pool, `${pool.cell} #${number}`, wanted)
    }
  }

/** What stands between two Sources where they are read as one text. */
export const between = '\n\n'

/** Sources that are there when a sample's question is asked. */
export const delivered = ({ corpus, delivered = corpus.sources.length }: Sample): readonly Source[] =>
  corpus.sources.slice(0, delivered)

export const textOf = (sources: readonly Source[]): string =>
  sources.length === 1 ? sources[0]!.text : sources.map(({ text }) => text).join(between)

/** Where each Source begins in the text of all; ranges through all Sources are counted from there. */
export function offsetsOf({ sources }: Corpus): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>()
  let at = 0
  for (const { id, text } of sources) {
    if (!offsets.has(id)) offsets.set(id, at)
    at += text.length + between.length
  }
  return offsets
}

/** Spans as ranges through all Sources of a corpus; those of other Sources are left out. */
export function rangesOf(corpus: Corpus, spans: readonly Span[]): [number, number][] {
  const offsets = offsetsOf(corpus)
  return spans.flatMap(({ source, start, end }): [number, number][] => {
    const at = offsets.get(source)
    return at === undefined ? [] : [[at + start, at + end]]
  })
}

/** The prompt that a reader is given with some text of a sample. */
export function promptOf({ instruction, examples, question, cue, choices }: Sample, text: string): string {
  const listed = choices?.map((choice, index) => `(${String.fromCharCode(65 + index)}) ${choice}`).join('\n')
  const asked = [question, ...(listed ? [listed] : [])].join('\n')
  return `${instruction ? `${instruction}\n\n` : ''}${text}\n\n${examples ? `${examples}\n\n` : ''}${asked}${cue ? `\n${cue}` : ''}`
}

/** A sample of nothing, for what must be opened before there is one. */
export const nobody: Sample = {
  id: '',
  cell: '',
  corpus: { id: '', sources: [] },
  question: '',
  answers: [],
  evidence: [],
  tags: {},
}
