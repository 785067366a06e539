import { allRows } from '../adapters/files.ts'
import { treeOf } from '../adapters/trees.ts'
import type { Dataset, DatasetMeta, Sample } from '../contract.ts'
import { byNumbers, exampleOf, type Library, libraryOf, type Numbered } from '../generators/in-context.ts'
import { once, published, questionKind, spanOf, tagsOf, textsIn } from '../published.ts'
import { eachWithin, finalList, sameRows } from '../replies.ts'
import { bare } from '../words.ts'

export const meta = {
  name: 'loft',
  summary:
    'Retrieval, questions and tables over a whole corpus in the prompt, of 32 and 128 thousand and a million tokens.',
  paper: 'Lee et al. 2024, Can Long-Context Language Models Subsume Retrieval, RAG, SQL, and More?, arXiv 2406.13121',
  folder: 'loft',
  licence: 'CC BY 4.0; each set has its own terms',
  metrics: ['recall', 'mrecall', 'subspan-match'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Document {
  readonly pid: string
  readonly title_text?: string
  readonly passage_text: string
}
interface Query {
  readonly qid: string
  readonly query_text: string | readonly string[]
  readonly answers: readonly unknown[]
  readonly metadata?: {
    readonly qrels?: unknown
    readonly candidate_pids?: readonly string[]
    readonly sql_query?: string | readonly string[]
    readonly [field: string]: unknown
  }
}
interface Turn {
  readonly query: Query
  readonly number: number
  readonly count: number
  /** This query after those before it, a line each. */
  readonly text: string
  readonly answers: unknown
  readonly sql: string
}
type Task = 'retrieval' | 'rag' | 'sql'
type Made = Omit<Sample, 'id' | 'cell'>

const tell: Readonly<Record<Task, string>> = {
  retrieval:
    'Each of these documents has a number. Find those that help with a query; name them, then end with a line such as "Final Answer: [12, 7]", the best first.',
  rag: 'Answer a query from these documents, each of which has a number. Name those that you use, then end with a line such as "Final Answer: ["Oslo"]", with one item for each answer.',
  sql: 'Answer a query from these tables, step by step. End with a line such as "Final Answer: [["Oslo", 3]]", with a list for each row.',
}
/** Sets that want several documents or answers, and the depth at which the paper takes all of them. */
const manyOf: Readonly<Record<string, number>> = { hotpotqa: 2, musique: 5, qampari: 5, quest: 3 }
const listed = new Set(['qampari', 'quest'])

/** `[["doc3", 1], …]`, or of one turn `["doc3", 1]`. */
const pidsOf = (value: unknown): string[] =>
  !Array.isArray(value) ? [] : typeof value[0] === 'string' ? [value[0]] : value.flatMap(pidsOf)

function turnsOf(query: Query): Turn[] {
  const { query_text: given, answers, metadata } = query
  const texts = [given].flat().map((text) => text.trim())
  const sql = [metadata?.sql_query ?? ''].flat()
  return texts.map((_, number) => ({
    query,
    number,
    count: texts.length,
    text: texts.slice(0, number + 1).join('\n'),
    answers: Array.isArray(given) ? answers[number] : answers,
    sql: sql[number] ?? '',
  }))
}

/** All documents of a set and size, by their numbers. */
interface Shelf {
  readonly documents: readonly Document[]
  readonly numbers: ReadonlyMap<string, number>
}
const numbersIn = ({ numbers }: Shelf, pids: readonly string[]): number[] =>
  pids.map((pid) => numbers.get(pid)).filter((number) => number !== undefined)
const numbered = ({ title_text: title = '', passage_text: text }: Document): Numbered => ({ title, text })

const examplesOf = (shelf: Shelf, task: Task, queries: readonly Query[]): string =>
  queries
    .flatMap(turnsOf)
    .map(({ query, text, answers }, index) => {
      const numbers = numbersIn(shelf, task === 'retrieval' ? pidsOf(answers) : pidsOf(query.metadata?.qrels))
      const used = numbers.map((number) => [number, numbered(shelf.documents[number]!)] as const)
      const said = task === 'retrieval' ? numbers : task === 'rag' ? textsIn(answers) : answers
      return exampleOf(index + 1, text, used, said)
    })
    .join('\n\n')

/** A query over documents: its answers are their numbers, or what they say. */
function overDocuments(task: Task, set: string, turn: Turn, shelf: Shelf, corpus: Library): Made {
  const { answers, query } = turn
  const pids = [...new Set(task === 'retrieval' ? pidsOf(answers) : pidsOf(query.metadata?.qrels))]
  const numbers = numbersIn(shelf, pids)
  const evidence = numbers.map((number) => spanOf(corpus.units[number]!))
  const lost = pids.length - numbers.length
  const found = { corpus, question: turn.text, evidence, ...(lost > 0 ? { unresolved: lost } : {}) }
  if (task === 'retrieval') {
    const depth = manyOf[set]
    return { ...found, ...byNumbers(numbers, depth), tags: { metric: depth ? `mrecall@${depth}` : 'recall@1' } }
  }
  const many = listed.has(set)
  const groups = many ? (answers as unknown[]).map(textsIn) : [textsIn(answers)]
  const paired = many && groups.length === evidence.length
  const said = (seen: readonly boolean[]): string[] =>
    groups.flatMap(([first], group) => ((paired ? seen[group] : seen.every(Boolean)) ? [first!] : []))
  return {
    ...found,
    answers: groups,
    ...(paired ? { needs: groups.map((_, group) => [group]) } : {}),
    tags: { metric: 'subspan-match' },
    solve: (seen) => `Final Answer: ${JSON.stringify(said(seen))}`,
    check(reply) {
      const items = (finalList(reply) ?? [reply]).map(String)
      const within = groups[0]!.some((form) => bare(form) !== '' && bare(items[0] ?? '').includes(bare(form)))
      return { 'subspan-match': (many ? eachWithin(items, groups) : within) ? 1 : 0 }
    },
  }
}

/** A query over the tables of a database; the evidence is those that the published SQL names. */
function overTables(turn: Turn, tables: readonly Document[], corpus: Library): Made {
  const rows = turn.answers as readonly unknown[]
  const names = new Set(turn.sql.toLowerCase().match(/\w+/g))
  const evidence = corpus.units.filter((_, index) => names.has((tables[index]!.title_text ?? '').trim().toLowerCase()))
  const gold = `Final Answer: ${JSON.stringify(rows)}`
  return {
    corpus,
    question: turn.text,
    answers: rows.length === 0 ? [['[]']] : rows.map((row) => [[row].flat().join(', ')]),
    evidence: evidence.map(spanOf),
    tags: { metric: 'execution-accuracy', ...(turn.sql ? { sql: turn.sql } : {}) },
    solve: (seen) => (seen.every(Boolean) ? gold : ''),
    check: (said) => ({ 'execution-accuracy': sameRows(finalList(said) ?? [], rows) ? 1 : 0 }),
  }
}

/**
 * One cell for each set, size and split; option `size` (32k, 128k or 1m) reads one size alone. Let `download.sh` of the published
 * repository fill the folder: `data/retrieval`, `data/rag` and `data/sql`, with a corpus and queries for each size. A corpus is
 * one Source, each document a unit with its number before and behind it, and the published examples stand between it and the
 * query: `whole` is the paper's prompt, and a retriever ranks the same units for the same query. What a reader says is
 * scored by its last line, as theirs is (`said-recall@1`, `said-mrecall@k`, `subspan-match`, `execution-accuracy`; the tag
 * `metric` names the paper's); recall and mrecall are of retrievers. Queries of several turns are asked turn by turn, after
 * the queries before, without what was replied to them. Pictures, sound and many-shot sets are not read.
 */
const dataset: Dataset = published(async function* (request) {
  const { at, files } = await treeOf(request, {
    folder: meta.folder,
    pattern:
      /^(?:data\/)?(retrieval|rag|sql)\/([\w-]+)\/(32k|128k|1m)\/(corpus|(?:few_shot|dev|test)_queries)\.jsonl(?:\.gz)?$/,
    example: 'data/retrieval/nq/128k/corpus.jsonl',
    url: 'https://github.com/google-deepmind/loft',
  })
  const only = request.options?.size
  for (const [key, parts] of Map.groupBy(files, (file) => `${file[1]} ${file[2]} ${file[3]}`)) {
    const [task, set, size] = key.split(' ') as [Task, string, string]
    const path = (name: string): string | undefined => parts.find((file) => file[4] === name)?.[0]
    const place = path('corpus')
    if (place === undefined || (only !== undefined && String(only) !== size)) continue
    const shelf = once(async (): Promise<Shelf> => {
      const documents = await allRows<Document>(at, place)
      return { documents, numbers: new Map(documents.map(({ pid }, number) => [pid, number])) }
    })
    const few = path('few_shot_queries')
    const examples = once(async () =>
      few === undefined ? '' : examplesOf(await shelf(), task, await allRows<Query>(at, few)),
    )
    const corpora = new Map<string, () => Promise<Library>>()
    for (const split of ['dev', 'test']) {
      const cell = `LOFT, ${task} ${set}, ${size}, ${split}`
      const queries = path(`${split}_queries`)
      if (queries === undefined || (request.cells && !request.cells.includes(cell))) continue
      const tablesOf = (query: Query): string =>
        task === 'sql' ? (query.metadata?.candidate_pids ?? []).join(' ') : ''
      for (const [pids, asked] of Map.groupBy(await allRows<Query>(at, queries), tablesOf)) {
        const chosen = async (): Promise<Document[]> => {
          const made = await shelf()
          return pids === ''
            ? [...made.documents]
            : numbersIn(made, pids.split(' ')).map((number) => made.documents[number]!)
        }
        const name = `loft ${key} ${asked[0]!.metadata?.db_id ?? ''}`.trim()
        const corpus =
          corpora.get(pids) ?? once(async () => libraryOf(name, (await chosen()).map(numbered), task === 'sql'))
        corpora.set(pids, corpus)
        for (const turn of asked.flatMap(turnsOf))
          yield {
            cell,
            id: turn.count > 1 ? `${turn.query.qid} ${turn.number + 1}` : turn.query.qid,
            sample: async () => {
              const built = await corpus()
              const shots = await examples()
              const item =
                task === 'sql'
                  ? overTables(turn, await chosen(), built)
                  : overDocuments(task, set, turn, await shelf(), built)
              const { qrels: _, candidate_pids: __, sql_query: ___, ...other } = turn.query.metadata ?? {}
              const last = turn.text.slice(turn.text.lastIndexOf('\n') + 1)
              const turns = turn.count > 1 ? { turn: turn.number + 1, turns: turn.count, asks: questionKind(last) } : {}
              return {
                ...item,
                instruction: tell[task],
                ...(shots ? { examples: shots } : {}),
                tags: { ...tagsOf(other), ...item.tags, task, set, size, split, qid: turn.query.qid, ...turns },
              }
            },
          }
      }
    }
  }
})

export default dataset
