import type { Span } from '../../core/index.ts'
import { readJson } from '../adapters/files.ts'
import { treeOf } from '../adapters/trees.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { locate } from '../locate.ts'
import { once, published, spanOf, tagsOf, unitSource } from '../published.ts'

export const meta = {
  name: 'qasper',
  summary: 'Questions on papers about language processing, answered by several readers; the evidence is paragraphs.',
  paper: 'Dasigi et al. 2021, Qasper, arXiv 2105.03011',
  folder: 'qasper',
  licence: 'CC BY 4.0',
  metrics: ['f1', 'recall', 'all-gold'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Given {
  readonly unanswerable: boolean
  readonly extractive_spans: readonly string[]
  readonly yes_no: boolean | null
  readonly free_form_answer: string
  readonly evidence: readonly string[]
  readonly highlighted_evidence?: readonly string[]
}
interface Paper {
  readonly title: string
  readonly abstract: string
  readonly full_text: readonly { readonly section_name: string | null; readonly paragraphs: readonly string[] }[]
  readonly figures_and_tables?: readonly { readonly caption: string }[]
  readonly qas: readonly {
    readonly question: string
    readonly question_id: string
    readonly answers: readonly { readonly answer: Given }[]
  }[]
}

/** What counts as the answer of one reader, and its kind, as the published scorer has it. */
function answerOf(given: Given): { readonly text: string; readonly type: string } {
  if (given.unanswerable) return { text: 'Unanswerable', type: 'none' }
  if (given.extractive_spans.length > 0) return { text: given.extractive_spans.join(', '), type: 'extractive' }
  if (given.free_form_answer) return { text: given.free_form_answer, type: 'abstractive' }
  if (given.yes_no !== null && given.yes_no !== undefined) return { text: given.yes_no ? 'Yes' : 'No', type: 'boolean' }
  return { text: '', type: 'missing' }
}
const floated = /^FLOAT SELECTED:\s*/

/**
 * One cell for each split; put `qasper-dev-v0.3.json` and its like into the folder. Every reader's answer is a form of the
 * answer, `Unanswerable` among them, so that `f1` is the best over the readers as their scorer takes it. The evidence is that
 * of all readers, with captions for figures and tables (theirs may leave these out); with option `evidence` = `sentences` the
 * highlighted sentences instead of the paragraphs. Its units are the paragraphs of the paper.
 */
const dataset: Dataset = published(async function* (request) {
  const { at, files } = await treeOf(request, {
    folder: meta.folder,
    pattern: /^(?:[\w.-]+\/)?qasper-(train|dev|test)-v[\d.]+\.json$/,
    example: 'qasper-dev-v0.3.json',
    url: 'https://allenai.org/data/qasper',
  })
  const fine = request.options?.evidence === 'sentences'
  for (const [path, split = ''] of files) {
    const cell = `Qasper, ${split}`
    if (request.cells && !request.cells.includes(cell)) continue
    for (const [paperId, paper] of Object.entries(await readJson<Record<string, Paper>>(at, path))) {
      const built = once(async () => {
        const captions = (paper.figures_and_tables ?? []).map(({ caption }) => caption)
        const sections = paper.full_text.flatMap(({ section_name: name, paragraphs }) =>
          paragraphs.map((text, number) => ({ text, heading: number === 0 ? name : null })),
        )
        const pieces = [paper.title, paper.abstract, ...sections, ...captions]
          .map((piece) => (typeof piece === 'string' ? { text: piece, heading: null } : piece))
          .filter(({ text }) => text?.trim())
          .map(({ text, heading }) => ({ heading: heading?.trim() ? `${heading.trim()}\n` : '', text }))
        const { source, units } = await unitSource(
          `qasper ${paperId}`,
          pieces.map(({ heading, text }) => ({ text: heading + text })),
          { title: paper.title },
        )
        // A heading stands before its first paragraph and belongs to no unit.
        const bare = units.map((unit, index) => ({ ...unit, start: unit.start + pieces[index]!.heading.length }))
        return { id: `qasper ${paperId}`, sources: [source], units: bare }
      })
      for (const asked of paper.qas) {
        const readers = asked.answers.map(({ answer }) => ({ ...answerOf(answer), given: answer }))
        const answered = readers.filter(({ text }) => text !== '')
        if (answered.length === 0) {
          request.warn?.({ path, message: `${asked.question_id}: no answer is given; the question is left out` })
          continue
        }
        yield {
          cell,
          id: asked.question_id,
          sample: async () => {
            const corpus = await built()
            const evidence: Span[] = []
            let unresolved = 0
            const looked = new Map<string, number | undefined>()
            const needed = answered.map(({ given }) =>
              ((fine ? given.highlighted_evidence : given.evidence) ?? []).flatMap((quote) => {
                const wanted = quote.replace(floated, '').trim()
                if (wanted === '') return []
                if (!looked.has(wanted)) {
                  const whole = corpus.units.find(
                    ({ start, end }) => corpus.sources[0]!.text.slice(start, end) === wanted,
                  )
                  const [span] = whole ? [spanOf(whole)] : locate(corpus.sources, [wanted]).evidence
                  looked.set(wanted, span && evidence.push(span) - 1)
                  if (!span) unresolved++
                }
                return looked.get(wanted) ?? []
              }),
            )
            const types = [...new Set(answered.map(({ type }) => type))]
            return {
              corpus,
              instruction: 'Answer from the paper in a few words; say "Unanswerable" where it does not tell.',
              question: asked.question,
              answers: [[...new Set(answered.map(({ text }) => text))]],
              evidence,
              tags: {
                ...tagsOf(asked, ['question', 'question_id', 'answers']),
                paper: paperId,
                type: types[0]!,
                types: types.join(' '),
                answerable: types.some((type) => type !== 'none'),
                readers: answered.length,
              },
              ...(unresolved > 0 ? { unresolved } : {}),
              /** The answer of the first reader whose evidence was all seen. */
              solve: (seen) => answered.find((_, index) => needed[index]!.every((piece) => seen[piece]))?.text ?? '',
            }
          },
        }
      }
    }
  }
})

export default dataset
