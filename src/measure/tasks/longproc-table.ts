import type { TaskMeta } from '../contract.ts'
import { inGroups } from '../generators/groups.ts'
import { outputTokens } from '../generators/longproc/steps.ts'
import { scoreTable } from '../generators/longproc/table.ts'
import { distinct, names, wordPair } from '../generators/words.ts'
import { drawn, integer, pick } from '../random.ts'

export const meta = {
  name: 'longproc-table',
  summary: 'Records scattered over a page, those of one kind to be written as rows of a table.',
  paper: 'Ye et al. 2025, LongProc, arXiv 2501.05414',
  options: { output: '0.5k', others: 0.5 },
  metrics: [],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

const kinds = ['lamp', 'chair', 'kettle', 'clock', 'carpet', 'mirror']
const [rowTokens, recordTokens] = [13.3, 34]

/** `output` is 0.5k, 2k or 8k, or a number: tokens of the table. `others` is the share of records of another kind to those asked for. */
export default inGroups(meta.name, async ({ request, weaver, random, id }) => {
  const { length, options, counter } = request
  const rows = Math.max(2, Math.floor((outputTokens(options.output) - 16) / rowTokens))
  const room = Math.max(0, Math.floor((length - 300) / recordTokens - rows))
  const [kind, ...otherKinds] = drawn(kinds, 4, random)
  const records = distinct(rows + Math.min(room, Math.round(rows * Number(options.others))), () => wordPair(random))
    .map((name, at) => ({
      name,
      kind: at < rows ? kind! : pick(otherKinds, random),
      price: (integer(300, 9999, random) / 100).toFixed(2),
      maker: pick(names, random),
      stock: String(integer(0, 99, random)),
      depth: random(),
    }))
    .sort((one, other) => one.depth - other.depth)
  const wanted = records.filter((record) => record.kind === kind)
  const header = 'name\tprice\tmaker\tstock'
  const row = ({ name, price, maker, stock }: (typeof records)[number]): string =>
    [name, price, maker, stock].join('\t')
  const table = (list: typeof records): string => [header, ...list.map(row)].join('\n')
  const asked = {
    instruction: 'The page below offers goods, between other text.',
    question: `Write every ${kind} of the page as a table of tab-separated values, in the order of the page: the first line is "name", "price", "maker" and "stock", the price without its currency. Put the table into a fence that begins with \`\`\`tsv, and write nothing else.`,
  }
  const blocks = records.map(({ name, kind, price, maker, stock, depth }) => ({
    text: `Item: ${name} (${kind})\nMade by ${maker}, ${price} euro, ${stock} in stock`,
    depth,
  }))
  const { corpus, spans, tokens } = await weaver.text(id, blocks, [asked], random)
  const of = (right: boolean) => spans.filter((_, at) => (records[at]!.kind === kind) === right)
  const fenced = (list: typeof records): string => `\`\`\`tsv\n${table(list)}\n\`\`\``
  return [
    {
      id,
      cell: meta.name,
      corpus,
      ...asked,
      answers: wanted.map((record) => [row(record)]),
      evidence: of(true),
      needs: wanted.map((_, at) => [at]),
      distractors: of(false).map((span) => ({ span })),
      tags: { length, output: options.output!, rows, tokens: counter.count(table(wanted)) },
      tokens: tokens[0]!,
      solve: (seen) => fenced(wanted.filter((_, at) => seen[at])),
      check: (said) => scoreTable(table(wanted), said),
    },
  ]
})
