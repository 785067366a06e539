import { allRows, readRows } from '../adapters/files.ts'
import { readBytes, treeOf } from '../adapters/trees.ts'
import type { Corpus, Dataset, DatasetMeta } from '../contract.ts'
import { once, published, readable, tagsOf, textSource } from '../published.ts'

export const meta = {
  name: 'narrativeqa',
  summary: 'Questions on books and film scripts, written from summaries, over the whole story or over the summary.',
  paper: 'Kočiský et al. 2018, NarrativeQA, arXiv 1712.07040',
  folder: 'narrativeqa',
  licence: 'Apache-2.0; stories and summaries have their own terms',
  metrics: ['rouge-l', 'f1'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Story {
  readonly document_id: string
  readonly set: string
  readonly kind: string
  readonly wiki_title: string
  readonly story_start?: string
  readonly story_end?: string
}
interface Summary {
  readonly document_id: string
  readonly summary: string
}
interface Asked {
  readonly document_id: string
  readonly set: string
  readonly question: string
  readonly answer1: string
  readonly answer2: string
}

/** The words of a tokenised phrase with whatever space, or none, between them. */
function phrase(words: string | undefined): RegExp | undefined {
  const parts = (words ?? '').split(/\s+/).filter(Boolean)
  if (parts.length === 0) return undefined
  return new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s*'), 'g')
}

/** From the published first words to the published last ones; where either is not there, to that end of the text. */
function between(text: string, first: string | undefined, last: string | undefined): string {
  const opening = phrase(first)?.exec(text)
  const start = opening?.index ?? 0
  let end = text.length
  for (const found of text.matchAll(phrase(last) ?? /$^/g))
    if (found.index >= start) end = found.index + found[0].length
  return text.slice(start, end)
}

/**
 * One cell for each split, over whole stories, or with option `over` = `summary` over the summaries. Put the published
 * `documents.csv`, `qaps.csv` and `third_party/wikipedia/summaries.csv` into the folder, and the stories that
 * `download_stories.sh` fetches into its `tmp`. A story is read as it shows and cut to its published first and last words.
 * Questions whose story was not fetched are left out, and `warn` is told of each story. The paper also reports BLEU and METEOR.
 */
const dataset: Dataset = published(async function* (request) {
  const { at, files } = await treeOf(request, {
    folder: meta.folder,
    pattern:
      /^(?:narrativeqa-\w+\/)?(?:(documents|qaps)\.csv|third_party\/wikipedia\/(summaries)\.csv|(summaries)\.csv|(?:tmp|stories)\/(\w+)\.(?:content|txt|html))$/,
    example: 'qaps.csv',
    url: 'https://github.com/google-deepmind/narrativeqa',
  })
  const named = new Map(files.flatMap((file) => (file[4] ? [] : [[file[1] ?? file[2] ?? file[3]!, file[0]] as const])))
  const contents = new Map(files.flatMap((file) => (file[4] ? [[file[4], file[0]] as const] : [])))
  const over = request.options?.over === 'summary' ? 'summary' : 'story'
  const stories = await allRows<Story>(at, named.get('documents') ?? 'documents.csv')
  const summaries = new Map<string, string>()
  if (over === 'summary')
    for await (const row of readRows<Summary>(at, named.get('summaries') ?? 'summaries.csv'))
      summaries.set(row.document_id, row.summary.trim())
  const questions = Map.groupBy(await allRows<Asked>(at, named.get('qaps') ?? 'qaps.csv'), ({ document_id: id }) => id)
  for (const story of stories) {
    const { document_id: id, set, wiki_title: title } = story
    const asked = questions.get(id) ?? []
    const cell = `NarrativeQA, ${over}, ${set}`
    if (asked.length === 0 || (request.cells && !request.cells.includes(cell))) continue
    const path = contents.get(id)
    const summary = summaries.get(id)
    if (over === 'story' ? path === undefined : !summary) {
      request.warn?.({
        path: `${id}.content`,
        message: `the ${over} of ${title} is not there; ${asked.length} questions are left out`,
      })
      continue
    }
    const corpus = once(async (): Promise<Corpus> => {
      const name = `narrativeqa ${id}`
      if (over === 'summary') return { id: name, sources: [await textSource(name, summary!, { title })] }
      const { text } = await readable(path!, await readBytes(at, path!))
      const cut = between(text, story.story_start, story.story_end)
      return { id: name, sources: [await textSource(name, cut, { title })] }
    })
    for (const [number, row] of asked.entries())
      yield {
        cell,
        id: `${id} ${number}`,
        sample: async () => ({
          corpus: await corpus(),
          instruction: 'Read the story and answer the question in a few words.',
          question: row.question.trim(),
          answers: [[row.answer1, row.answer2].map((text) => text?.trim()).filter(Boolean)],
          evidence: [],
          tags: {
            ...tagsOf(story, ['story_url', 'wiki_url', 'story_start', 'story_end', 'document_id']),
            document: id,
            over,
          },
        }),
      }
  }
})

export default dataset
