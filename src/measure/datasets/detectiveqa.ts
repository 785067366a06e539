import type { Span } from '../../core/index.ts'
import { readJson } from '../adapters/files.ts'
import { readBytes, treeOf } from '../adapters/trees.ts'
import type { Corpus, Dataset, DatasetMeta } from '../contract.ts'
import { choicesOf, once, published, readable, textSource, textsIn } from '../published.ts'

export const meta = {
  name: 'detectiveqa',
  summary:
    'Questions on detective novels in Chinese and English with the steps of reasoning and the paragraphs of their clues.',
  paper: 'Xu et al. 2024, DetectiveQA, arXiv 2409.02465',
  folder: 'detectiveqa',
  licence: 'Apache-2.0; novels have their own terms',
  metrics: ['choice-accuracy', 'reasoning', 'recall'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Asked {
  readonly question: string
  readonly options: unknown
  readonly answer: string
  readonly reasoning?: unknown
  /** Numbers of paragraphs, one for each step; -1 where the step is inferred. Also published as `evidence_position`. */
  readonly clue_position?: unknown
  readonly evidence_position?: unknown
  readonly answer_position?: number
  readonly distraction?: Readonly<Record<string, string>>
}
interface Novel {
  readonly novel_id: number | string
  readonly num_paragraphs?: number
  readonly questions: readonly Asked[]
}
const asks = {
  en: ['Read the novel and choose the right answer to the question.', 'Reason step by step, then give one letter.'],
  zh: ['请阅读这部小说，然后选出问题的正确答案。', '请一步一步地推理，最后给出一个字母。'],
} as const

interface Read {
  readonly corpus: Corpus
  readonly paragraphs: ReadonlyMap<number, Span>
  /** Where the head of a paragraph stands. */
  readonly heads: ReadonlyMap<number, number>
}

/** A novel with its paragraphs: they are published with `[12] ` before the paragraph of that number. */
async function novelOf(name: string, text: string): Promise<Read> {
  const source = await textSource(name, text)
  const found = [...source.text.matchAll(/^\ufeff?\[(\d+)\][^\S\n]*/gm)]
  const paragraphs = new Map<number, Span>()
  const heads = new Map<number, number>()
  for (const [index, head] of found.entries()) {
    const start = head.index + head[0].length
    const end = start + source.text.slice(start, found[index + 1]?.index).trimEnd().length
    const number = Number(head[1])
    if (end <= start || paragraphs.has(number)) continue
    paragraphs.set(number, { source: source.id, start, end })
    heads.set(number, head.index)
  }
  const units = paragraphs.size > 0 ? { units: [...paragraphs.values()] } : {}
  return { corpus: { id: `${name} ${text.length}`, sources: [source], ...units }, paragraphs, heads }
}

/**
 * One cell for each language. Fetch the published repository into the folder: `anno_data_en` and `anno_data_zh` with their
 * `human_anno` and `AIsup_anno`, `novel_data_en` and `novel_data_zh`. Clues are found by the number of their paragraph; steps
 * at -1 are inferred and have no place (tag `inferred`); a number that no paragraph has counts as unresolved. The tag
 * `reasoning` holds the steps, a line each, for a judge. With option `context` = `before-answer` only the paragraphs before
 * the one that tells the answer can be read, and clues from there on count as unresolved.
 */
const dataset: Dataset = published(async function* (request) {
  const { at, files } = await treeOf(request, {
    folder: meta.folder,
    pattern: /^(?:DetectiveQA\/)?(anno|novel)_data_(en|zh)\/(?:(human_anno|AIsup_anno)\/)?(\d+)[^/]*\.(json|txt)$/,
    example: 'anno_data_en/human_anno/103.json',
    url: 'https://huggingface.co/datasets/Phospheneser/DetectiveQA',
  })
  const early = request.options?.context === 'before-answer'
  const novels = new Map(files.filter((file) => file[1] === 'novel').map((file) => [`${file[2]} ${file[4]}`, file[0]]))
  const annotated = files.filter((file) => file[1] === 'anno' && file[5] === 'json')
  for (const [name, parts] of Map.groupBy(annotated, (file) => `${file[2]} ${file[4]}`)) {
    const [language = 'en', id = ''] = name.split(' ') as ['en' | 'zh', string]
    const cell = `DetectiveQA, ${language}`
    if (request.cells && !request.cells.includes(cell)) continue
    const path = novels.get(name)
    if (path === undefined) {
      request.warn?.({
        path: parts[0]![0],
        message: `novel ${id} is not there in ${language}; its questions are left out`,
      })
      continue
    }
    const whole = once(async () => novelOf(path, (await readable(path, await readBytes(at, path))).text))
    for (const [file, , , annotation = ''] of parts)
      for (const novel of [await readJson<Novel | Novel[]>(at, file)].flat())
        for (const [number, asked] of novel.questions.entries()) {
          const { letters, texts } = choicesOf(asked.options)
          const index = letters.indexOf(String(asked.answer).trim().toUpperCase())
          if (index < 0) {
            request.warn?.({
              path: file,
              message: `question ${number}: "${asked.answer}" is no option; it is left out`,
            })
            continue
          }
          yield {
            cell,
            id: `${id} ${annotation} ${number}`.replace('  ', ' '),
            sample: async () => {
              const novelRead = await whole()
              const answerAt = asked.answer_position ?? -1
              const told = early ? novelRead.heads.get(answerAt) : undefined
              const text = novelRead.corpus.sources[0]!.text
              const { corpus, paragraphs } = told ? await novelOf(path, text.slice(0, told).trimEnd()) : novelRead
              const places = textsIn(asked.clue_position ?? asked.evidence_position).map(Number)
              const clues = [...new Set(places.filter((place) => place >= 0))]
              const evidence = clues.map((place) => paragraphs.get(place)).filter((span) => span !== undefined)
              const steps = textsIn(asked.reasoning)
              const [instruction, cue] = asks[language]
              const unresolved = clues.length - evidence.length
              const wrong = Object.entries(asked.distraction ?? {}).map(([key, text]) => `${key}: ${text}`)
              return {
                corpus,
                instruction,
                question: asked.question,
                choices: texts,
                cue,
                answers: [[texts[index]!]],
                evidence,
                tags: {
                  language,
                  annotation,
                  novel: id,
                  gold: letters[index]!,
                  steps: steps.length,
                  inferred: places.filter((place) => place < 0).length,
                  answer_position: answerAt,
                  ...(novel.num_paragraphs === undefined ? {} : { paragraphs: novel.num_paragraphs }),
                  ...(steps.length > 0 ? { reasoning: steps.join('\n') } : {}),
                  ...(wrong.length > 0 ? { distraction: wrong.join('\n') } : {}),
                },
                ...(unresolved > 0 ? { unresolved } : {}),
              }
            },
          }
        }
  }
})

export default dataset
