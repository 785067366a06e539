import type { Source, Span } from '../../core/index.ts'
import { sentences } from '../../core/index.ts'
import { listFiles, place, readRows } from '../adapters/files.ts'
import { answersIn } from '../answers.ts'
import type { Dataset, DatasetMeta, Distractor } from '../contract.ts'
import { items, listOf, tagsOf, textSource } from '../items.ts'
import { bareWords, common } from '../words.ts'

export const meta = {
  name: 'memoryagentbench',
  summary: 'Long texts fed chunk by chunk, then many questions: retrieval, learning, understanding, conflicts.',
  paper: 'Hu, Wang and McAuley 2025, MemoryAgentBench, arXiv 2507.05257',
  folder: 'memoryagentbench',
  licence: 'MIT; each part has its own terms',
  metrics: ['subspan-match', 'exact-match', 'f1', 'rouge-l', 'answer-kept'],
  tested: 'shape',
} as const satisfies DatasetMeta

type Answers = string | readonly string[]
interface Row {
  readonly context: string
  readonly questions: string | readonly string[]
  readonly answers: readonly Answers[]
  readonly metadata?: Readonly<Record<string, unknown>> | null
}
const abilities = ['Accurate_Retrieval', 'Test_Time_Learning', 'Long_Range_Understanding', 'Conflict_Resolution']
/** Fields of the metadata that have an entry for each question, and what the tags call them. */
const perQuestion = {
  qa_pair_ids: 'qa_pair_id',
  question_ids: 'question_id',
  question_types: 'question_type',
  question_dates: 'question_date',
} as const

/** Chunks of whole sentences, or of whole lines where the text is a list, each of about so many words. */
export function chunksOf(text: string, words: number): [start: number, end: number][] {
  const chunks: [number, number][] = []
  let held = 0
  for (const [start, end] of sentences(text)) {
    const count = text.slice(start, end).split(/\s+/).filter(Boolean).length
    const last = chunks.at(-1)
    if (last && held + count <= words) {
      last[1] = end
      held += count
    } else {
      chunks.push([start, end])
      held = count
    }
  }
  return chunks.filter(([start, end]) => text.slice(start, end).trim() !== '')
}

interface Fact {
  readonly text: string
  readonly span: Span
  readonly holds: (forms: readonly string[]) => boolean
}
const factsOf = (sources: readonly Source[]): Fact[] =>
  sources.flatMap((source) =>
    [...source.text.matchAll(/^\d+\.\s+(.+)$/gm)].map(({ 1: text = '', index, 0: { length } }) => {
      const end = index + length
      return { text, span: { source: source.id, start: end - text.length, end }, holds: answersIn(text) }
    }),
  )

/**
 * A question on one of a list of numbered facts: the latest fact that answers it, and others that say otherwise of the
 * same thing. The published rows do not name the facts: the one that shares most words with the question is taken.
 */
function conflictOf(facts: readonly Fact[], question: string, forms: readonly string[]) {
  const asked = bareWords(question)
  const holding = facts.filter(({ holds }) => holds(forms))
  const shared = holding.map(({ text }) => common(bareWords(text), asked))
  const best = holding[shared.lastIndexOf(Math.max(0, ...shared))]
  if (!best) return { evidence: [], distractors: [] }
  const form = forms.find((one) => one !== '' && best.text.includes(one))
  if (form === undefined) return { evidence: [best.span], distractors: [] }
  const at = best.text.indexOf(form)
  const [before, after] = [best.text.slice(0, at), best.text.slice(at + form.length)]
  const distractors = facts.flatMap(({ text, span }): Distractor[] => {
    const alike = text.length > before.length + after.length && text.startsWith(before) && text.endsWith(after)
    const says = text.slice(before.length, text.length - after.length)
    return alike && !forms.includes(says) ? [{ span, says }] : []
  })
  return { evidence: [best.span], distractors }
}

/**
 * From huggingface.co/datasets/ai-hyz/MemoryAgentBench: the four Parquet files (`Accurate_Retrieval-00000-of-00001.parquet`
 * and so on), or the same as `Accurate_Retrieval.jsonl`. The context comes as one Source after another of whole sentences;
 * the option `chunk` says how many words each has (default 384, about the 512 tokens of the paper; 3072 for its larger
 * ones). Evidence is known where an answer stands in the text only once, and for single-hop questions on conflicts.
 */
const dataset: Dataset = items(async function* (request, wants) {
  const words = Number(request.options?.chunk ?? 384)
  const files = [...(await listFiles(request, `${meta.folder}/data`)), ...(await listFiles(request, meta.folder))]
  const mine = abilities.flatMap((ability) => {
    const file = files.find((name) => name.startsWith(ability) && /\.(parquet|jsonl|json)$/.test(name))
    return file ? [{ ability, file }] : []
  })
  if (mine.length === 0) await place(request, `${meta.folder}/data/Accurate_Retrieval-00000-of-00001.parquet`)
  for (const { ability, file } of mine) {
    const cell = `MemoryAgentBench, ${ability.replaceAll('_', ' ').toLowerCase()}`
    if (!wants(cell)) continue
    let index = -1
    for await (const { context, questions, answers, metadata } of readRows<Row>(
      request,
      `${meta.folder}/data/${file}`,
      `${meta.folder}/${file}`,
    )) {
      index++
      if (!wants(cell)) break
      const source = String(metadata?.source ?? 'unknown')
      const sources: Source[] = []
      for (const [start, end] of chunksOf(context, words))
        sources.push(await textSource(`${ability} ${index} chunk ${sources.length}.txt`, context.slice(start, end)))
      const corpus = { id: `${ability} ${index}`, sources }
      const asked = listOf(questions)
      let facts: Fact[] | undefined
      for (const [number, question] of asked.entries()) {
        if (!wants(cell)) break
        const forms = (
          asked.length === 1 && answers.length > 1 ? answers.flatMap(listOf) : listOf(answers[number])
        ).map(String)
        const conflict = ability === 'Conflict_Resolution' && /(^|_)sh(_|$)/.test(source)
        const { evidence, distractors } = conflict
          ? conflictOf((facts ??= factsOf(sources)), question, forms)
          : { evidence: onlyPlace(sources, forms), distractors: [] }
        const own = Object.entries(perQuestion).map(([field, name]) => {
          const value = metadata?.[field]
          return [name, Array.isArray(value) ? value[number] : value] as const
        })
        yield {
          id: `${ability} ${index} ${number}`,
          cell,
          corpus,
          question,
          answers: [forms],
          evidence,
          ...(distractors.length > 0 ? { distractors } : {}),
          ...(conflict && evidence.length === 0 ? { unresolved: 1 } : {}),
          tags: tagsOf({
            ability: ability.replaceAll('_', ' ').toLowerCase(),
            source,
            chunks: sources.length,
            ...Object.fromEntries(own.filter(([, value]) => ['string', 'number'].includes(typeof value))),
          }),
        }
      }
    }
  }
})

/** The place of an answer of some length that stands in the whole text once, as words of their own. */
function onlyPlace(sources: readonly Source[], forms: readonly string[]): Span[] {
  for (const form of forms.filter((one) => one.length >= 4)) {
    const pattern = new RegExp(
      `(?<![\\p{L}\\p{N}])${form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}(?![\\p{L}\\p{N}])`,
      'gu',
    )
    const places = sources.flatMap(({ id, text }) =>
      text.includes(form)
        ? [...text.matchAll(pattern)].map(({ index }) => ({ source: id, start: index, end: index + form.length }))
        : [],
    )
    if (places.length === 1) return places
  }
  return []
}

export default dataset
