import { listFiles, place, readRows } from '../adapters/files.ts'
import { answersIn } from '../answers.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { items, tagsOf, unitCorpus } from '../items.ts'

export const meta = {
  name: 'alce',
  summary: 'Questions to be answered with citations of the passages found for them: ASQA, QAMPARI and ELI5.',
  paper: 'Gao et al. 2023, ALCE, arXiv 2305.14627',
  folder: 'alce',
  licence: 'MIT; passages of Wikipedia CC BY-SA 3.0, of the web under their own terms',
  metrics: ['references-said', 'citation-recall', 'citation-precision', 'recall', 'answer-kept'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Passage {
  readonly title: string
  readonly text: string
  readonly id?: string
}
interface Row {
  readonly question: string
  readonly sample_id?: string
  readonly id?: string
  readonly answer?: string
  readonly docs: readonly Passage[]
  /** ASQA. */
  readonly qa_pairs?: readonly { readonly question: string; readonly short_answers: readonly string[] }[] | null
  /** QAMPARI. */
  readonly answers?: readonly (readonly string[])[]
  /** ELI5. */
  readonly claims?: readonly string[]
}
const instruction =
  'Answer from the passages below. End each sentence with the numbers of the passages that bear it out, in brackets.'

/**
 * From github.com/princeton-nlp/ALCE (`download_data.sh`): files such as `asqa_eval_gtr_top100.json`. What must be said
 * is the short answers of ASQA, each of them in one of its forms, the list of QAMPARI, or the claims of ELI5, which
 * only a judge can find in other words. The passages that hold an answer are its evidence, as the set's own recall has
 * it; each answer rests on the first such passage, and answers that stand in none are counted as unresolved.
 */
const dataset: Dataset = items(async function* (request, wants) {
  const pattern = /^(asqa|qampari|eli5)_eval_(\w+?)_top\d+(\w*)\.json(?:l)?$/
  const files = (await listFiles(request, meta.folder)).filter((file) => pattern.test(file))
  if (files.length === 0) await place(request, `${meta.folder}/asqa_eval_gtr_top100.json`)
  for (const file of files) {
    const [, part = '', retriever = '', more = ''] = pattern.exec(file)!
    const cell = `ALCE, ${part}, ${retriever}${more.includes('oracle') ? ' oracle' : ''}`
    if (!wants(cell)) continue
    let index = -1
    for await (const row of readRows<Row>(request, `${meta.folder}/${file}`)) {
      index++
      if (!wants(cell)) break
      const passages = row.docs.map(({ title, text }, number) => `[${number + 1}] ${title}\n${text}`)
      const { spans, ...corpus } = await unitCorpus(
        `${file} ${index}`,
        passages.map((text) => ({ text })),
        '\n\n',
      )
      const answers = (
        row.qa_pairs?.map(({ short_answers: forms }) => forms) ??
        row.answers ??
        (row.claims ?? (row.answer ? [row.answer] : [])).map((claim) => [claim])
      ).filter((forms) => forms.length > 0)
      const literal = Boolean(row.qa_pairs ?? row.answers)
      const holders = row.docs.map(({ title, text }) => answersIn(`${title}\n${text}`))
      const holding = holders.flatMap((holds, number) => (literal && answers.some(holds) ? [number] : []))
      const needs = answers.map((forms) => holding.findIndex((number) => holders[number]!(forms)))
      const unresolved = literal ? needs.filter((need) => need === -1).length : 0
      yield {
        id: `${file} ${row.sample_id ?? row.id ?? index}`,
        cell,
        corpus,
        instruction,
        question: row.question,
        answers,
        evidence: holding.map((number) => spans[number]!),
        needs: needs.map((need) => (need === -1 ? [] : [need])),
        ...(unresolved === 0 ? {} : { unresolved }),
        tags: tagsOf({ part, retriever, passages: row.docs.length, answers: answers.length }),
      }
    }
  }
})

export default dataset
