import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Source } from '../../core/index.ts'
import { bytesInput, read } from '../../read/index.ts'
import { allRows, place } from '../adapters/files.ts'
import type { Dataset, DatasetMeta, Sample } from '../contract.ts'
import { checkClaim, claimQuestion, scopes } from '../generators/claims.ts'
import { locate } from '../locate.ts'

export const meta = {
  name: 'claim-pairs',
  summary: 'Own pairs of true and false claims about whole books, and the published sample of NoCha.',
  paper: 'Karpinska et al. 2024, NoCha, arXiv 2406.16264',
  folder: 'claim-pairs',
  licence: 'the author’s own; the published sample of NoCha: MIT',
  metrics: ['exact-match'],
  tested: 'shape',
} as const satisfies DatasetMeta

/** One line of `claim-pairs.jsonl`: a book as a file beside it, and two claims about it that differ in one thing. */
interface Row {
  readonly book?: unknown
  readonly true?: unknown
  readonly false?: unknown
  readonly scope?: unknown
  /** Quotes from the book that the true claim rests on. */
  readonly evidence?: unknown
}
/** A row of NoCha's `data_sample.json`: one claim; two rows of one index are a pair. Its book stands beside it as `book_title`.txt. */
interface NochaRow {
  readonly book_title: string
  readonly claim: string
  readonly type: boolean | string
  readonly index: number
}
interface Pair {
  readonly name: string
  readonly book: string
  readonly claims: Readonly<Record<'true' | 'false', string>>
  readonly scope: string
  readonly evidence: readonly string[]
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

/** What is wrong with an authored pair, or the pair. */
function pairOf({ book, true: right, false: wrong, scope, evidence = [] }: Row, number: number): Pair | string {
  if (!isText(book)) return '"book" names no file'
  if (!isText(right) || !isText(wrong)) return '"true" and "false" must both be claims'
  if (right.trim() === wrong.trim()) return 'the true and the false claim are the same'
  if (!scopes.some((one) => one === scope)) return `"scope" must be one of ${scopes.join(', ')}`
  if (!Array.isArray(evidence) || !evidence.every(isText)) return '"evidence" must be a list of quotes'
  return { name: `pair ${number}`, book, claims: { true: right, false: wrong }, scope: String(scope), evidence }
}

const files = [`${meta.folder}/claim-pairs.jsonl`, `${meta.folder}/data_sample.json`] as const

/** Pairs are told to `warn` and left out where they are not sound or their book cannot be read. */
const dataset: Dataset = async function* (request) {
  request.abortSignal?.throwIfAborted()
  const there = await Promise.all(files.map((file) => place(request, file).catch(() => undefined)))
  if (there.every((file) => file === undefined)) await place(request, files[0])
  const asked = new Map<string, number>()
  for (const [kind, file] of there.entries()) {
    if (file === undefined) continue
    const warn = (message: string): void => request.warn?.({ path: file, message: `${message}; it is left out` })
    const pairs =
      kind === 0
        ? (await allRows<Row>(request, files[0])).flatMap((row, at) => {
            const pair = pairOf(row, at + 1)
            if (typeof pair !== 'string') return [pair]
            warn(`pair ${at + 1}: ${pair}`)
            return []
          })
        : nochaPairs(await allRows<NochaRow>(request, files[1]), warn)
    for (const [book, group] of Map.groupBy(pairs, (pair) => pair.book)) {
      const cellOf = ({ scope }: Pair): string => (kind === 0 ? `claim pairs, ${scope}` : 'NoCha, sample')
      if (!group.some((pair) => request.cells?.includes(cellOf(pair)) ?? true)) continue
      const path = join(dirname(file), book)
      const sources: Source[] = []
      try {
        const input = bytesInput(book, await readFile(path))
        for await (const source of read(input, request.abortSignal ? { abortSignal: request.abortSignal } : {}))
          sources.push(source)
      } catch (error) {
        request.abortSignal?.throwIfAborted()
        warn(`${group.length} pairs about ${book}: ${error instanceof Error ? error.message : error}`)
        continue
      }
      const corpus = { id: book, sources }
      for (const pair of group) {
        const cell = cellOf(pair)
        if (request.cells && !request.cells.includes(cell)) continue
        const { evidence, unresolved } = locate(sources, pair.evidence)
        for (const truth of [true, false]) {
          request.abortSignal?.throwIfAborted()
          const before = asked.get(cell) ?? 0
          if (before >= (request.samples ?? Number.POSITIVE_INFINITY)) break
          asked.set(cell, before + 1)
          yield {
            id: `${book} ${pair.name} ${truth}`,
            cell,
            corpus,
            question: claimQuestion(pair.claims[`${truth}`]),
            answers: [[truth ? 'True' : 'False']],
            evidence,
            tags: { pair: `${book} ${pair.name}`, truth, scope: pair.scope },
            ...(unresolved > 0 ? { unresolved } : {}),
            check: checkClaim(truth),
          } satisfies Sample
        }
      }
    }
  }
}
export default dataset

/** NoCha tells no scope of its published pairs. */
function nochaPairs(rows: readonly NochaRow[], warn: (message: string) => void): Pair[] {
  return [...Map.groupBy(rows, ({ index, book_title }) => `${book_title} ${index}`)].flatMap(
    ([name, claims]): Pair[] => {
      const of = (truth: string) => claims.find(({ type }) => String(type).toLowerCase() === truth)
      const [right, wrong] = [of('true'), of('false')]
      if (right && wrong)
        return [
          {
            name: `pair ${right.index}`,
            book: `${right.book_title}.txt`,
            claims: { true: right.claim, false: wrong.claim },
            scope: 'unknown',
            evidence: [],
          },
        ]
      warn(`${name}: one claim of the pair is not there`)
      return []
    },
  )
}
