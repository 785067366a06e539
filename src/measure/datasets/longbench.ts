import { readRows } from '../adapters/files.ts'
import { treeOf } from '../adapters/trees.ts'
import type { Corpus, Dataset, DatasetMeta, Sample } from '../contract.ts'
import { published, tagsOf, textSource, textsIn } from '../published.ts'
import { firstLine, likeness, lineRouge, shareOfNumbers, wordF1 } from '../replies.ts'

export const meta = {
  name: 'longbench',
  summary:
    'Twenty-one sets of questions, summaries, examples, made tasks and code, English and Chinese; also LongBench-E.',
  paper: 'Bai et al. 2023, LongBench, arXiv 2308.14508',
  folder: 'longbench',
  licence: 'MIT; each set has its own terms',
  metrics: ['f1', 'rouge-l', 'edit-similarity'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Row {
  readonly input: string
  readonly context: string
  readonly answers: readonly string[]
  readonly length: number
  readonly language: string
  readonly all_classes: readonly string[] | null
  readonly _id?: string
}
type Check = (said: string, row: Row) => number
interface Kind {
  readonly category: string
  readonly metric: 'f1' | 'rouge-l' | 'edit-similarity' | 'accuracy'
  readonly tell: readonly [instruction: string, question: string, cue: string]
  /** Where its published scorer is more than a metric. */
  readonly check?: Check
}

/** Classes named, where those that are only a part of the right one's name do not count against it. */
const classes: Check = (said, { answers, all_classes: all }) =>
  Math.max(
    ...answers.map((right) => {
      const named = (all ?? []).filter((name) => firstLine(said).includes(name))
      const counted = named.filter((name) => name === right || !right.includes(name))
      return counted.includes(right) ? 1 / counted.length : 0
    }),
  )
const numbered: Check = (said, { answers }) => shareOfNumbers(said, /\d+/.exec(answers[0]!)?.[0] ?? answers[0]!)
/** The first line that is code. */
const code: Check = (said, { answers }) => {
  const line = said.split('\n').find((text) => text !== '' && !/`|#|\/\//.test(text)) ?? ''
  return Math.max(...answers.map((answer) => likeness(line, answer)))
}
const shown = 'The text shows how it is done; do the same for what follows it.'
const kinds = {
  one: { category: 'single-document', metric: 'f1', tell: ['Answer from the text in a few words.', '', ''] },
  paper: {
    category: 'single-document',
    metric: 'f1',
    tell: [
      'Answer from the article in a few words: yes or no where that is asked, "unanswerable" where it does not say.',
      '',
      '',
    ],
  },
  many: { category: 'multi-document', metric: 'f1', tell: ['Answer from the passages in a few words.', '', ''] },
  yi: { category: 'single-document', metric: 'f1', tell: ['根据文章，用几个词回答问题。', '', ''] },
  duo: { category: 'multi-document', metric: 'rouge-l', tell: ['根据这些文章回答问题。', '', ''] },
  summary: { category: 'summary', metric: 'rouge-l', tell: ['', 'Sum up the text above on one page.', ''] },
  meeting: { category: 'summary', metric: 'rouge-l', tell: ['Answer from the meeting in a sentence or two.', '', ''] },
  zongjie: { category: 'summary', metric: 'rouge-l', tell: ['', '请概括以上会议的内容。', ''] },
  classes: { category: 'few-shot', metric: 'accuracy', tell: [shown, '', ''], check: classes },
  trivia: {
    category: 'few-shot',
    metric: 'f1',
    tell: [shown, '', ''],
    check: (said, { answers }) => wordF1(firstLine(said), answers),
  },
  chats: {
    category: 'few-shot',
    metric: 'rouge-l',
    tell: [shown, '', ''],
    check: (said, { answers }) => lineRouge(firstLine(said), answers),
  },
  count: {
    category: 'synthetic',
    metric: 'accuracy',
    tell: ['', 'How many different paragraphs are there, those that come again left out? Say the number alone.', ''],
    check: numbered,
  },
  find: {
    category: 'synthetic',
    metric: 'accuracy',
    tell: ['One of these paragraphs is summed up below them.', '', 'Which one is it? Answer as in "Paragraph 3".'],
    check: numbered,
  },
  zhao: {
    category: 'synthetic',
    metric: 'accuracy',
    tell: ['下面的段落之后，是其中一段的摘要。', '', '这是哪一段的摘要？请按“段落3”的形式回答。'],
    check: numbered,
  },
  code: {
    category: 'code',
    metric: 'edit-similarity',
    tell: ['', 'Write the next line of this code.', ''],
    check: code,
  },
  repository: {
    category: 'code',
    metric: 'edit-similarity',
    tell: ['Files of a repository, and the one that is being written.', '', 'Write its next line.'],
    check: code,
  },
} as const satisfies Record<string, Kind>
const sets: Readonly<Record<string, Kind>> = {
  ...{ narrativeqa: kinds.one, qasper: kinds.paper, multifieldqa_en: kinds.one, multifieldqa_zh: kinds.yi },
  ...{ hotpotqa: kinds.many, '2wikimqa': kinds.many, musique: kinds.many, dureader: kinds.duo },
  ...{ gov_report: kinds.summary, qmsum: kinds.meeting, multi_news: kinds.summary, vcsum: kinds.zongjie },
  ...{ trec: kinds.classes, triviaqa: kinds.trivia, samsum: kinds.chats, lsht: kinds.classes },
  ...{ passage_count: kinds.count, passage_retrieval_en: kinds.find, passage_retrieval_zh: kinds.zhao },
  ...{ lcc: kinds.code, 'repobench-p': kinds.repository },
}
const bucket = (length: number): string => (length < 4000 ? '0-4k' : length < 8000 ? '4-8k' : '8k+')

/** Of the retrieval sets, the paragraph whose number is the answer: the one place of evidence that the set implies. */
function paragraphOf(text: string, answer: string): readonly [start: number, end: number] | undefined {
  const number = /\d+/.exec(answer)?.[0]
  const heads = [...text.matchAll(/^(?:Paragraph |段落)(\d+)[:：]\s*/gm)]
  const at = heads.findIndex(([, own]) => own === number)
  if (at === -1) return undefined
  const start = heads[at]!.index + heads[at]![0].length
  return [start, start + text.slice(start, heads[at + 1]?.index).trimEnd().length]
}

/**
 * One cell for each set, `LongBench-E` for the files ending in `_e`. Unpack `data.zip` of the published repository into the
 * folder. The tag `metric` names what the paper reports of a set; where its scorer first takes the first line, the numbers
 * or the classes of a reply, the sample's own check does. Chinese is compared by characters, where theirs takes jieba's words.
 */
const dataset: Dataset = published(async function* (request) {
  const { at, files } = await treeOf(request, {
    folder: meta.folder,
    pattern: new RegExp(`^(?:data/)?(${Object.keys(sets).join('|')})(_e)?\\.(?:jsonl|json|parquet)(?:\\.gz)?$`),
    example: 'hotpotqa.jsonl',
    url: 'https://huggingface.co/datasets/THUDM/LongBench',
  })
  for (const [path, name = '', even] of files) {
    const cell = `LongBench${even ? '-E' : ''}, ${name}`
    if (request.cells && !request.cells.includes(cell)) continue
    const kind = sets[name]!
    let corpus: Corpus | undefined
    let number = 0
    for await (const row of readRows<Row>(at, path)) {
      const id = row._id ?? String(number)
      number++
      const forms = textsIn(row.answers)
      if (forms.length === 0 || !row.context) {
        request.warn?.({ path, line: number, message: 'no context or no answer; the item is left out' })
        continue
      }
      const sample = async (): Promise<Omit<Sample, 'id' | 'cell'>> => {
        const source = await textSource(`${name} ${id}`, row.context)
        if (corpus?.sources[0]?.id !== source.id) corpus = { id: `${cell} ${id}`, sources: [source] }
        const [instruction, question, cue] = kind.tell
        const place = kind === kinds.find || kind === kinds.zhao ? paragraphOf(source.text, forms[0]!) : undefined
        const lost = (kind === kinds.find || kind === kinds.zhao) && !place
        const { category, metric, check } = kind
        const published = tagsOf(row, ['input', 'context', 'answers', 'all_classes', '_id'])
        return {
          corpus,
          question: row.input?.trim() ? row.input.trim() : question || 'Go on from here.',
          answers: [forms],
          evidence: place ? [{ source: source.id, start: place[0], end: place[1] }] : [],
          tags: { ...published, set: name, category, metric, ...(even ? { bucket: bucket(row.length) } : {}) },
          ...(instruction ? { instruction } : {}),
          ...(cue ? { cue } : {}),
          ...(lost ? { unresolved: 1 } : {}),
          ...(check ? { check: (said: string) => ({ [metric]: check(said, row) }) } : {}),
        }
      }
      yield { cell, id, sample }
    }
  }
})

export default dataset
