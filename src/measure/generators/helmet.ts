import type { Span } from '../../core/index.ts'
import type { Sample } from '../contract.ts'
import { spanOf, tagsOf, textSource, textsIn, unitSource } from '../published.ts'
import { gainAt } from '../replies.ts'
import { bare } from '../words.ts'

/** A line of a HELMET file. */
export type Row = Readonly<Record<string, unknown>>
export type Made = Omit<Sample, 'id' | 'cell'>
export interface About {
  readonly id: string
  readonly name: string
  readonly category: string
  /** Most passages to cite from. */
  readonly most: number
}
interface Passage {
  readonly id?: string
  readonly title?: string
  readonly text: string
  readonly label?: number | string
  readonly has_answer?: boolean
  readonly hasanswer?: boolean
  readonly answers_found?: readonly number[]
}
const string = (value: unknown): string => (value === undefined || value === null ? '' : String(value))
const long = [
  'context',
  'ctxs',
  'docs',
  'demos',
  'demo',
  'example',
  'question',
  'query',
  'answer',
  'answers',
  'outputs',
  'options',
]

/** Each answer within the sentence or line that tells it. */
function tellings(source: string, text: string, answers: readonly string[]): (Span | undefined)[] {
  return answers.map((answer) => {
    const at = text.indexOf(answer)
    if (at === -1) return undefined
    const stop = text.lastIndexOf('. ', at)
    const start = Math.max(text.lastIndexOf('\n', at) + 1, stop === -1 ? 0 : stop + 2)
    const end = at + answer.length
    return { source, start, end: text[end] === '.' ? end + 1 : end }
  })
}

const ruler: Readonly<Record<string, (row: Row) => string>> = {
  niah: (row) => `Which special magic ${string(row.type_needle_v) || 'numbers'} are given for ${string(row.query)}?`,
  vt: (row) => `Which variables hold the value ${string(row.query)}?`,
  cwe: () => 'Which ten words of this list come most often?',
  fwe: () => 'Which three of these coded words come most often?',
}

/** Keys of JSON and the needles of RULER: all answers must be said. */
export async function recall(row: Row, { id, name }: About): Promise<Made> {
  const source = await textSource(id, string(row.context))
  const answers = textsIn(row.answer ?? row.outputs)
  const keyed = name === 'json_kv'
  const asked = Object.entries(ruler).find(([kind]) => name.startsWith(kind))?.[1]
  const question = string(row.question) || asked?.(row) || string(row.query)
  const record = `"${question}": "${answers[0]}"`
  const at = source.text.indexOf(record)
  const place = at === -1 ? undefined : { source: source.id, start: at, end: at + record.length }
  const spans = keyed ? [place] : tellings(source.id, source.text, answers)
  const found = spans.filter((span) => span !== undefined)
  const whole = found.length === spans.length
  const pairs = (row.demos ?? []) as readonly (readonly [string, string])[]
  const examples = keyed
    ? pairs.slice(0, 2).map(([key, value]) => `Key: ${key}\nValue: ${value}`)
    : textsIn(row.example)
  return {
    corpus: { id, sources: [source] },
    question: keyed ? `Key: ${question}` : question,
    cue: keyed ? 'Value:' : 'Answer:',
    answers: answers.map((answer) => [answer]),
    evidence: found,
    tags: tagsOf(row, long),
    ...(keyed ? { instruction: 'Give the value that belongs to a key.' } : {}),
    ...(examples.length > 0 ? { examples: examples.join('\n\n') } : {}),
    ...(whole ? { needs: answers.map((_, group) => [group]) } : { unresolved: spans.length - found.length }),
  }
}

/** Passages as units, numbered from 1 or by their id where replies name them. */
const passages = (id: string, list: readonly Passage[], mark?: (passage: Passage, index: number) => string) =>
  unitSource(
    id,
    list.map((passage, index) => {
      const plain = [passage.title, passage.text].filter(Boolean).join('\n')
      return { text: `${mark ? `[${mark(passage, index)}] ` : ''}${plain}`, plain }
    }),
  )

/** Questions over retrieved passages: any that holds the answer will do, but for HotpotQA, which needs all that are marked. */
export async function rag(row: Row, { id, name }: About): Promise<Made> {
  const list = row.ctxs as readonly Passage[]
  const { source, units } = await passages(id, list)
  const evidence = units.filter((_, index) => list[index]!.has_answer ?? list[index]!.hasanswer).map(spanOf)
  const forms = textsIn(row.answers)
  return {
    corpus: { id, sources: [source], units },
    instruction: 'Answer from the passages in a few words.',
    question: string(row.question),
    cue: 'Answer:',
    answers: [forms],
    evidence,
    tags: { ...tagsOf(row, long), passages: list.length },
    ...(evidence.length === 0 || name === 'hotpotqa' ? {} : { solve: (seen) => (seen.some(Boolean) ? forms[0]! : '') }),
  }
}

export async function rerank(row: Row, { id }: About): Promise<Made> {
  const list = row.ctxs as readonly Passage[]
  const { source, units } = await passages(id, list, (passage) => string(passage.id))
  const labels = new Map(list.map((passage) => [string(passage.id), Number(passage.label ?? 0)]))
  const order = [...labels].sort((one, other) => other[1] - one[1]).map(([passage]) => passage)
  const ranking = order.join(' > ')
  return {
    corpus: { id, sources: [source], units },
    instruction: 'Rank all of these passages by how well they answer a question. Write their IDs as in "12 > 7 > 31".',
    question: string(row.query ?? row.question),
    cue: 'Ranking:',
    answers: [[ranking]],
    evidence: units.filter((_, index) => Number(list[index]!.label ?? 0) > 0).map(spanOf),
    tags: { ...tagsOf(row, long), passages: list.length },
    solve: (seen) => (seen.every(Boolean) ? ranking : ''),
    check(said) {
      const known = said.split(/[\s>[\],]+/).filter((word) => labels.has(word))
      return { 'ndcg@10': gainAt(10, [...new Set(known)], labels) }
    },
  }
}

/** Long answers with citations: what must be said stands in `qa_pairs` (ASQA) or in lists of aliases (QAMPARI). */
export async function cite(row: Row, { id, most }: About): Promise<Made> {
  const list = (row.docs as readonly Passage[]).slice(0, most)
  const { source, units } = await passages(id, list, (_, index) => String(index + 1))
  const pairs = row.qa_pairs as readonly { readonly short_answers: readonly string[] }[] | undefined
  const groups = (
    pairs ? pairs.map((pair) => textsIn(pair.short_answers)) : (row.answers as unknown[]).map(textsIn)
  ).filter((forms) => forms.length > 0)
  const holders = groups.map((_, group) => list.findIndex((passage) => passage.answers_found?.[group] === 1))
  const used = [...new Set(holders.filter((holder) => holder >= 0))].sort((one, other) => one - other)
  const whole = holders.every((holder) => holder >= 0)
  return {
    corpus: { id, sources: [source], units },
    instruction:
      'Write a good short answer from these passages. Cite them by number, as in [3], at the end of each sentence.',
    question: string(row.question),
    cue: 'Answer:',
    answers: groups,
    evidence: used.map((holder) => spanOf(units[holder]!)),
    ...(whole ? { needs: holders.map((holder) => [used.indexOf(holder)]) } : {}),
    tags: { ...tagsOf(row, [...long, 'qa_pairs', 'annotations', 'wikipages']), passages: list.length },
  }
}

/** Rows of `context`, `question` and `answer`, as the published script makes them of other sets. */
export async function plain(row: Row, { id, category }: About): Promise<Made> {
  const options = textsIn(row.options)
  const forms = textsIn(row.answer ?? row.answers)
  const examples = textsIn(row.demo)
  const labelled = category === 'icl'
  const right = options.find((option) => forms.some((form) => form === option || form.endsWith(`. ${option}`)))
  return {
    corpus: { id, sources: [await textSource(id, string(row.context))] },
    question: string(row.question).trim() || 'Sum up the text above.',
    answers: [right === undefined ? forms : [right]],
    evidence: [],
    tags: tagsOf(row, long),
    ...(labelled ? { instruction: 'Give the label of the last text as the examples do.', cue: 'label:' } : {}),
    ...(examples.length > 0 ? { examples: examples.join('\n\n') } : {}),
    ...(right === undefined ? {} : { choices: options }),
    ...(labelled
      ? {
          check: (said: string) => ({
            'exact-match': bare(said.replace(/^[\s\S]*?label:/i, '')) === bare(forms[0]!) ? 1 : 0,
          }),
        }
      : {}),
  }
}
