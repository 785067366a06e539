import { messageOf } from '../../core/index.ts'
import { readRows, readText } from '../adapters/files.ts'
import { readPickledTexts } from '../adapters/pickle.ts'
import { treeOf } from '../adapters/trees.ts'
import type { Corpus, Dataset, DatasetMeta } from '../contract.ts'
import { locate } from '../locate.ts'
import { once, published, tagsOf, textSource, textsIn } from '../published.ts'

export const meta = {
  name: 'nocha',
  summary:
    'Pairs of a true and a false claim about a whole novel, which differ in little; both of a pair must be told apart.',
  paper: 'Karpinska et al. 2024, One Thousand and One Pairs, arXiv 2406.16264',
  folder: 'nocha',
  licence: 'MIT; only the sample on four classic novels is published',
  metrics: ['choice-accuracy'],
  tested: 'shape',
} as const satisfies DatasetMeta

/** A claim of the published sample, or a pair as one writes one's own. */
interface Row {
  readonly book_title?: string
  readonly book?: string
  readonly index?: number | string
  readonly claim?: string
  readonly type?: boolean | string
  readonly true_claim?: string
  readonly false_claim?: string
  readonly scope?: string
  readonly evidence?: unknown
  readonly [field: string]: unknown
}
interface Pair {
  readonly book: string
  readonly pair: string
  readonly claims: Readonly<Record<'true' | 'false', string>>
  readonly row: Row
}
const scopes = ['sentence', 'passage', 'global']
const texts = ['book_title', 'book', 'index', 'claim', 'type', 'true_claim', 'false_claim', 'evidence', 'scope']

/** Pairs in the order of their first claims, each whole; what is wrong with the others is told. */
function pairsOf(rows: readonly Row[], tell: (problem: string) => void): Pair[] {
  const waiting = new Map<string, Pair>()
  for (const [number, row] of rows.entries()) {
    const book = String(row.book_title ?? row.book ?? '').trim()
    const index = String(row.index ?? number + 1)
    const pair = `${book} ${index}`
    const known = waiting.get(pair)
    const claims = { ...known?.claims } as Record<'true' | 'false', string>
    if (row.claim !== undefined) {
      const truth = String(row.type).trim().toLowerCase()
      if (truth !== 'true' && truth !== 'false') {
        tell(`claim ${index} of ${book} has the type "${row.type}"; write true or false`)
        continue
      }
      if (claims[truth] !== undefined) tell(`pair ${index} of ${book} has two ${truth} claims; the first is taken`)
      claims[truth] ??= row.claim.trim()
    } else Object.assign(claims, { true: row.true_claim?.trim(), false: row.false_claim?.trim() })
    waiting.set(pair, { book, pair, claims, row: { ...known?.row, ...row } })
  }
  return [...waiting.values()].filter(({ book, pair, claims, row }) => {
    const problem =
      book === ''
        ? 'names no book in "book"'
        : !claims.true || !claims.false
          ? `has no ${claims.true ? 'false' : 'true'} claim`
          : claims.true === claims.false
            ? 'has the same claim twice'
            : row.scope !== undefined && !scopes.includes(row.scope)
              ? `has the scope "${row.scope}"; write ${scopes.join(', ')}, or leave it out`
              : undefined
    if (problem) tell(`pair ${pair.trim()} ${problem}; it is left out`)
    return problem === undefined
  })
}

/**
 * Put the published `data_sample` (`data_sample.json` and the novels, `classic_books.pkl`) into the folder, or pairs of your
 * own: `pairs.jsonl` of `book`, `true_claim`, `false_claim`, and if you like `scope` (sentence, passage or global), `evidence`
 * (quotes) and any other field as a tag, with each novel as `books/BOOK.txt`. Cells: `NoCha` and `NoCha, own`. A pair that is
 * not whole, or whose novel is not there, is left out and told to `warn`. Tags `pair`, `truth` and `scope` let both of a pair
 * be counted together; the published sample has no scope. What models of the paper said is not kept.
 */
const dataset: Dataset = published(async function* (request) {
  const { at, files } = await treeOf(request, {
    folder: meta.folder,
    pattern:
      /^(?:nocha\/)?(?:(?:data_sample|sample_data)\/)?(?:((?:data_sample|sample_data|pairs)\.jsonl?)|(classic_books\.pkl)|(?:books\/)([^/]+)\.txt)$/,
    example: 'data_sample/data_sample.json',
    url: 'https://github.com/marzenakrp/nocha',
  })
  const novels = new Map<string, () => Promise<string>>()
  for (const [path, , pickle, name] of files) {
    if (pickle)
      for (const [title, text] of await readPickledTexts(at, path).catch((error) => {
        request.warn?.({ path, message: messageOf(error) })
        return new Map<string, string>()
      }))
        novels.set(title, async () => text)
    if (name !== undefined) novels.set(name, () => readText(at, path))
  }
  for (const [path, list] of files) {
    if (list === undefined) continue
    const cell = list.startsWith('pairs') ? 'NoCha, own' : 'NoCha'
    if (request.cells && !request.cells.includes(cell)) continue
    const rows: Row[] = []
    for await (const row of readRows<Row>(at, path)) rows.push(row)
    const tell = (message: string): void => request.warn?.({ path, message })
    for (const [book, pairs] of Map.groupBy(pairsOf(rows, tell), (pair) => pair.book)) {
      const novel = novels.get(book)
      if (!novel) {
        tell(`the novel ${book} is not there; its ${pairs.length} pairs are left out`)
        continue
      }
      const corpus = once(
        async (): Promise<Corpus> => ({ id: `nocha ${book}`, sources: [await textSource(book, await novel())] }),
      )
      for (const { pair, claims, row } of pairs)
        for (const truth of ['true', 'false'] as const)
          yield {
            cell,
            id: `${pair} ${truth}`,
            sample: async () => {
              const made = await corpus()
              const { evidence, unresolved } = locate(made.sources, textsIn(row.evidence))
              const kept = Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('response-')))
              return {
                corpus: made,
                instruction: 'Read the novel. Then say whether a claim about it is true in all its parts.',
                question: claims[truth],
                choices: ['True', 'False'],
                cue: 'Give your reasons in a few sentences, then the answer.',
                answers: [[truth === 'true' ? 'True' : 'False']],
                evidence,
                tags: {
                  ...tagsOf(kept, texts),
                  book,
                  pair,
                  truth: truth === 'true',
                  ...(row.scope === undefined ? {} : { scope: row.scope }),
                },
                ...(unresolved > 0 ? { unresolved } : {}),
              }
            },
          }
    }
  }
})

export default dataset
