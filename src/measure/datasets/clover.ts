import type { Source, TokenCounter } from '../../core/index.ts'
import { tokenCounter } from '../../model/index.ts'
import { readRows } from '../adapters/files.ts'
import { pythonPath, runTests } from '../adapters/sandbox.ts'
import type { Dataset, DatasetMeta, Sample } from '../contract.ts'
import { fenced, items, tagsOf, textSource } from '../items.ts'

export const meta = {
  name: 'clover',
  summary: 'Tests to be completed or written for Python repositories so that they pass and reach given blocks of code.',
  paper: 'Xu et al. 2025, CLOVER, arXiv 2502.08806',
  folder: 'clover',
  licence: 'each repository has its own terms',
  metrics: ['recall', 'all-gold'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Block {
  readonly path: string
  /** Lines from 1, both included. */
  readonly start: number
  readonly end: number
}
interface Row {
  readonly id: string
  readonly repo: string
  /** Completing an assertion, testing what is named, reaching blocks of several files. */
  readonly task: 'I' | 'II' | 'III'
  readonly files: Readonly<Record<string, string>>
  /** What stands before the test: imports and helpers. */
  readonly setup?: string
  readonly test_name: string
  /** Task I: the test with `<mask>` where the assertion was cut. */
  readonly template?: string
  /** What was cut (task I), or the test. */
  readonly gold: string
  readonly targets: readonly Block[]
  /** Lines that the gold test runs, by file: how the context is built. */
  readonly coverage?: Readonly<Record<string, readonly number[]>>
}

/** Files by how many of their lines the gold test runs, as many as the length holds, in the order of their paths. */
function chosen({ files, coverage = {} }: Row, length: number, counter: TokenCounter): string[] {
  const share = (path: string): number => coverage[path]?.length ?? 0
  const order = Object.keys(files).sort((one, other) => share(other) - share(one) || (one < other ? -1 : 1))
  let left = length
  const taken = order.filter((path) => {
    const cost = counter.count(`# ${path}\n${files[path]}\n\n`)
    if (cost > left) return false
    left -= cost
    return true
  })
  return taken.sort()
}

/** The place of some lines of a file whose text begins with a line that names it. */
function spanOf(source: Source, { start, end }: Block): Sample['evidence'][number] | undefined {
  const lines = source.text.split('\n')
  const offset = (line: number): number => lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, 0)
  const from = offset(start)
  const to = offset(Math.min(end + 1, lines.length)) - 1
  return to > from ? { source: source.id, start: from, end: to } : undefined
}

function verdict(row: Row, said: string, python: () => string): Readonly<Record<string, number>> {
  const code = fenced(said).trim()
  const body = row.template === undefined ? code : row.template.replace('<mask>', () => code)
  const none = code === '' || (row.template === undefined && !/^\s*(?:async\s+)?(?:def|class)\s+[Tt]est/m.test(body))
  if (none) return { success: 0, passed: 0, coverage: 0 }
  const result = runTests({ files: row.files, test: `${row.setup ?? ''}\n\n${body}\n`, python: python() })
  const passed = Number(result.passed)
  const shares = row.targets.map(({ path, start, end }) => {
    const { lines = [], covered = [] } = result.files[path] ?? {}
    const within = (line: number): boolean => start <= line && line <= end
    const asked = lines.filter(within).length
    return asked === 0 ? 0 : covered.filter(within).length / asked
  })
  const coverage = shares.length === 0 ? 1 : shares.reduce((sum, share) => sum + share, 0) / shares.length
  // A test of something named must reach its body: more of it than the line that defines it.
  const reached =
    row.task === 'II' ? shares.every((share, at) => share > 1 / size(result.files, row.targets[at]!)) : coverage === 1
  return { success: row.task === 'I' ? passed : Number(passed === 1 && reached), passed, coverage }
}
const size = (files: ReturnType<typeof runTests>['files'], { path, start, end }: Block): number =>
  Math.max(1, files[path]?.lines.filter((line) => start <= line && line <= end).length ?? 1)

const asked: Readonly<Record<Row['task'], (row: Row) => string>> = {
  I: ({ template = '', test_name: name }) =>
    `Give what must stand for <mask> in this test, ${name}, and nothing else:\n\n${template}`,
  II: ({ targets, test_name: name, setup = '' }) =>
    `Write the test function ${name} for ${targets.map(({ path, start, end }) => `lines ${start} to ${end} of ${path}`).join(' and ')}. The file of tests begins so:\n\n${setup}`,
  III: ({ targets, test_name: name, setup = '' }) =>
    `Write a test function ${name} that passes and runs every line of these blocks: ${targets.map(({ path, start, end }) => `lines ${start} to ${end} of ${path}`).join('; ')}. The file of tests begins so:\n\n${setup}`,
}

/**
 * The paper's files could not be seen; the shape is ours and keeps what the paper says of a problem: save each as a line
 * of `problems.jsonl` with the fields of `Row` above. The context is built by coverage within the tokens of the option
 * `length` (default 16384): whole files, those first of which the gold test runs most lines; targets in files that did not
 * fit are counted as unresolved. `check` runs the test in the sandbox, which needs Python (`sandbox-missing` without it):
 * `success` is passing, in task II also reaching what is named, in task III also running every line of the blocks.
 */
const dataset: Dataset = items(async function* (request, wants) {
  const length = Number(request.options?.length ?? 16384)
  const counter = await tokenCounter('o200k_base')
  let interpreter: string | undefined
  const python = (): string => (interpreter ??= pythonPath())
  for await (const row of readRows<Row>(request, `${meta.folder}/problems.jsonl`)) {
    const cell = `CLOVER, task ${row.task}`
    if (!wants(cell)) continue
    const paths = chosen(row, length, counter)
    const sources = await Promise.all(
      paths.map((path) => textSource(path, `# ${path}\n${row.files[path]}`, { mediaType: 'text/x-python' })),
    )
    const evidence = row.targets.flatMap((target) => {
      const source = sources[paths.indexOf(target.path)]
      return (source && spanOf(source, target)) ?? []
    })
    const lost = row.targets.length - evidence.length
    yield {
      id: row.id,
      cell,
      corpus: { id: row.id, sources },
      instruction: 'Below are files of a Python repository.',
      question: asked[row.task](row),
      answers: [[row.gold]],
      evidence,
      ...(lost === 0 ? {} : { unresolved: lost }),
      tags: tagsOf({ repo: row.repo, task: row.task, files: paths.length, targets: row.targets.length, length }),
      check: (said) => verdict(row, said, python),
    }
  }
})

export default dataset
