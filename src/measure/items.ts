import { FoveaError, makeSource, type OutlineNode, type Source, type Span } from '../core/index.ts'
import { type FileRequest, place } from './adapters/files.ts'
import type { Corpus, Dataset, DatasetRequest, Sample, Unit } from './contract.ts'

/** Whether more samples of a cell are asked for: what is not wanted need not be made. */
export type Wants = (cell: string) => boolean

/** A data set whose samples are made one at a time; cells and numbers are kept to what is asked. */
export const items = (read: (request: DatasetRequest, wants: Wants) => AsyncIterable<Sample>): Dataset =>
  async function* (request) {
    const { cells, samples = Number.POSITIVE_INFINITY, abortSignal } = request
    abortSignal?.throwIfAborted()
    const given = new Map<string, number>()
    const wants: Wants = (cell) => (!cells || cells.includes(cell)) && (given.get(cell) ?? 0) < samples
    for await (const sample of read(request, wants)) {
      abortSignal?.throwIfAborted()
      if (!wants(sample.cell)) continue
      given.set(sample.cell, (given.get(sample.cell) ?? 0) + 1)
      yield sample
      if (cells?.every((cell) => !wants(cell))) return
    }
  }

/** Those of some files of a data set that are there, in the order given. */
export async function found(request: FileRequest, paths: readonly string[]): Promise<string[]> {
  const there: string[] = []
  for (const path of paths)
    try {
      await place(request, path)
      there.push(path)
    } catch (error) {
      if (!FoveaError.is(error, 'data-missing')) throw error
    }
  return there
}

/** The same, where at least one must be there. Throws `data-missing`, naming the first. */
export async function present(request: FileRequest, paths: readonly string[]): Promise<string[]> {
  const there = await found(request, paths)
  if (there.length === 0) await place(request, paths[0]!)
  return there
}

type Parts = Partial<Pick<Source, 'title' | 'time' | 'outline' | 'language' | 'mediaType'>>

export const textSource = (uri: string, text: string, parts: Parts = {}): Promise<Source> =>
  makeSource({ uri, text, mediaType: 'text/plain', ...parts })

/** One text, to be cut as you like. */
export const textCorpus = async (id: string, text: string, parts: Parts = {}): Promise<Corpus & { source: Source }> => {
  const source = await textSource(`${id}.txt`, text, parts)
  return { id, sources: [source], source }
}

export interface UnitText {
  readonly text: string
  readonly kind?: OutlineNode['kind']
}

/** One text of many units, each on lines of its own; `spans` has the place of each, undefined for one without text. */
export async function unitCorpus(
  id: string,
  units: readonly UnitText[],
  between = '\n',
): Promise<Corpus & { readonly spans: readonly (Span | undefined)[] }> {
  let text = ''
  const ranges = units.map((unit) => {
    if (unit.text.trim() === '') return undefined
    if (text !== '') text += between
    const start = text.length
    text += unit.text
    return [start, text.length] as const
  })
  const outline = ranges.flatMap((range, index): OutlineNode[] => {
    const { kind } = units[index]!
    return range && kind ? [{ kind, level: 1, start: range[0], end: range[1] }] : []
  })
  const source = await textSource(`${id}.txt`, text, outline.length > 0 ? { outline } : {})
  const spans = ranges.map((range): Unit | undefined => range && { source: source.id, start: range[0], end: range[1] })
  return { id, sources: [source], units: spans.filter((span) => span !== undefined), spans }
}

/** The first place of some words, word for word. */
export function exactly({ id, text }: Source, words: string): Span | undefined {
  if (words.trim() === '') return undefined
  const start = text.indexOf(words)
  return start === -1 ? undefined : { source: id, start, end: start + words.length }
}

export const listOf = <Value>(value: Value | readonly Value[] | null | undefined): readonly Value[] =>
  value === null || value === undefined ? [] : Array.isArray(value) ? value : [value as Value]

/** Tags without those that a row does not have. */
export const tagsOf = (
  tags: Readonly<Record<string, string | number | boolean | null | undefined>>,
): Record<string, string | number | boolean> =>
  Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== undefined && value !== null)) as Record<
    string,
    string | number | boolean
  >

/** What stands in the first fence of code, or all of it where there is none. */
export const fenced = (said: string): string => /```[\w+-]*\n([\s\S]*?)(?:```|$)/.exec(said)?.[1] ?? said
