import { listFiles, place, readRows } from '../adapters/files.ts'
import type { Dataset, DatasetMeta, Sample } from '../contract.ts'
import { type Criterion, countScore, formatScore, type Heard, inputScore, phraseScore } from '../criteria.ts'
import { items, tagsOf, textCorpus } from '../items.ts'

export const meta = {
  name: 'cello',
  summary: 'Complex instructions from real use, scored by program on four criteria: count, format, phrases, input.',
  paper: 'He et al. 2023, CELLO, arXiv 2309.09150',
  folder: 'cello',
  licence: 'the repository states none',
  metrics: ['references-said'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Row {
  readonly Instruction: string
  readonly Instruction_id: string
  readonly task_description?: string
  readonly input_text?: string
  readonly task_category?: string
  readonly lang?: string
  readonly Count_limit: readonly Criterion[]
  readonly Answer_format: readonly Criterion[]
  readonly Task_prescribed_phrases: readonly Criterion[]
  /** Spelt so in the published files. */
  readonly Input_depdent_query?: readonly Criterion[]
  readonly Input_dependent_query?: readonly Criterion[]
  readonly histories?: readonly (readonly [said: string, answer: string])[]
}
const keywordsOf = (criteria: readonly Criterion[]): string[] =>
  criteria.flatMap(({ criterion, limit }) =>
    criterion === 'keywords' && Array.isArray(limit) ? limit.map(String) : [],
  )

/**
 * From github.com/Abbey4799/CELLO: the files of `data/`. There are no right answers but criteria: `check` gives the mean of
 * those that an instruction has, then each; what must be said is the prescribed phrases and the keywords of the input.
 * The text is the earlier rounds and the input; an instruction without either has none.
 */
const dataset: Dataset = items(async function* (request, wants) {
  const listed = [...(await listFiles(request, `${meta.folder}/data`)), ...(await listFiles(request, meta.folder))]
  const files = [...new Set(listed)].filter((file) => file.endsWith('.json'))
  if (files.length === 0) await place(request, `${meta.folder}/data/extraction.json`)
  for (const file of files) {
    const cell = `CELLO, ${file.replace(/\.json$/, '')}`
    if (!wants(cell)) continue
    let index = -1
    for await (const row of readRows<Row>(request, `${meta.folder}/data/${file}`, `${meta.folder}/${file}`)) {
      index++
      if (!wants(cell)) break
      const { histories = [], Count_limit: count, Answer_format: format, Task_prescribed_phrases: phrases } = row
      const query = row.Input_depdent_query ?? row.Input_dependent_query ?? []
      const input = row.input_text && row.input_text !== 'NULL' ? row.input_text : ''
      const rounds = histories.map(([said, answer]) => `User: ${said}\nAssistant: ${answer}`)
      const text = [...rounds, ...(input === '' ? [] : [input])].join('\n\n')
      const { source, ...corpus } = await textCorpus(`${file} ${index}`, text)
      const heardOf = (said: string): Heard => ({
        said,
        input,
        language: row.lang ?? 'ch',
        before: histories.at(-1)?.[1],
      })
      const check = (said: string): Record<string, number> => {
        const heard = heardOf(said)
        const scores = {
          count: countScore(heard, count),
          format: formatScore(heard, format),
          phrases: phraseScore(heard, phrases),
          input: inputScore(heard, query),
        }
        const given = Object.entries(scores).flatMap(([name, score]) =>
          score === undefined ? [] : [[name, score] as const],
        )
        const mean = given.reduce((sum, [, score]) => sum + score, 0) / Math.max(1, given.length)
        return { cello: mean, ...Object.fromEntries(given.map(([name, score]) => [`cello-${name}`, score])) }
      }
      yield {
        id: `${cell} ${index} ${row.Instruction_id}`,
        cell,
        corpus: text === '' ? { id: corpus.id, sources: [] } : corpus,
        question: input === '' ? row.Instruction : row.task_description?.trim() || row.Instruction,
        answers: [...keywordsOf(phrases), ...keywordsOf(query)].map((keyword) => [keyword]),
        evidence: input === '' ? [] : [{ source: source.id, start: text.length - input.length, end: text.length }],
        tags: tagsOf({
          category: row.task_category ?? file.replace(/\.json$/, ''),
          lang: row.lang,
          rounds: histories.length,
          criteria: [count, format, phrases, query].filter((list) => list.some(({ criterion }) => criterion !== 'NULL'))
            .length,
        }),
        check,
      } satisfies Sample
    }
  }
})

export default dataset
