import { readJson } from '../adapters/files.ts'
import { readBytes, treeOf } from '../adapters/trees.ts'
import type { Corpus, Dataset, DatasetMeta, Tags } from '../contract.ts'
import { locate } from '../locate.ts'
import { choicesOf, once, published, readable, tagsOf, textsIn } from '../published.ts'

export const meta = {
  name: 'novelqa',
  summary: 'Questions on whole English novels, by complexity and aspect, to be chosen or answered freely.',
  paper: 'Wang et al. 2024, NovelQA, arXiv 2403.12766',
  folder: 'novelqa',
  licence: 'Apache-2.0; 28 of 89 novels are not published',
  metrics: ['choice-accuracy', 'f1'],
  tested: 'shape',
} as const satisfies DatasetMeta

type Asked = Readonly<Record<string, unknown>>
const complexities: Readonly<Record<string, string>> = { mh: 'multi-hop', sh: 'single-hop', dtl: 'detail' }
const told = [
  'Question',
  'Options',
  'Answer',
  'Gold',
  'Evidences',
  'Evidence',
  'QID',
  'Complexity',
  'Complex',
  'Aspect',
]

/** The questions of a book: a map by QID, or a list of items that hold theirs. */
function questionsOf(value: unknown): [id: string, asked: Asked][] {
  if (Array.isArray(value)) return (value as Asked[]).map((asked, number) => [String(asked.QID ?? `Q${number}`), asked])
  return Object.entries(value as Record<string, Asked>)
}

/** The right letter and text: `Gold` is a letter and `Answer` a text in the published sample, and either may be either. */
function goldOf(asked: Asked, { letters, texts }: ReturnType<typeof choicesOf>) {
  const given = [...textsIn(asked.Gold), ...textsIn(asked.Answer)].map((text) => text.trim())
  const letter = given.find((text) => letters.includes(text.toUpperCase()))?.toUpperCase()
  const free = given.find((text) => !letters.includes(text.toUpperCase()))
  const index = letter === undefined ? texts.indexOf(free ?? '') : letters.indexOf(letter)
  return { index, forms: [...new Set([...(free === undefined ? [] : [free]), ...(index < 0 ? [] : [texts[index]!])])] }
}

/**
 * One cell for each setting: `choice`, or with option `setting` = `generative` without the choices. Unpack `NovelQA.zip` into
 * the folder: `Books`, `Data` and `Demonstration` (or the earlier `Raw_Novels` and `Data`), `bookmeta.json` beside them.
 * Questions that are published without their answers (all but the demonstration, unless the authors gave you more) and novels
 * that are not published are left out, and `warn` is told how many. Evidence is looked up in the book.
 */
const dataset: Dataset = published(async function* (request) {
  const { at, files } = await treeOf(request, {
    folder: meta.folder,
    pattern:
      /^(?:NovelQA\/)?(Books?|Raw_Novels|Data|ques|Demonstration)\/(?:(PublicDomain|CopyrightProtected)\/)?([^/]+)\.(txt|json)$/i,
    example: 'Demonstration/Frankenstein.json',
    url: 'https://huggingface.co/datasets/NovelQA/NovelQA',
  })
  const free = request.options?.setting === 'generative'
  const cell = `NovelQA, ${free ? 'generative' : 'choice'}`
  const about = await readJson<Record<string, Tags>>(at, 'bookmeta.json').catch((): Record<string, Tags> => ({}))
  const books = new Map(files.filter((file) => file[4] === 'txt').map(([path, , , name]) => [name!, path]))
  for (const [path, folder = '', , name = ''] of files.filter((file) => file[4] === 'json')) {
    const questions = questionsOf(await readJson(at, path))
    const text = books.get(name)
    if (text === undefined) {
      request.warn?.({
        path,
        message: `the novel ${name} is not there; its ${questions.length} questions are left out`,
      })
      continue
    }
    const corpus = once(async (): Promise<Corpus> => {
      const title = about[name]?.title
      const source = await readable(
        text,
        await readBytes(at, text),
        title === undefined ? {} : { title: String(title) },
      )
      return { id: `novelqa ${name}`, sources: [source] }
    })
    let silent = 0
    for (const [id, asked] of questions) {
      const options = choicesOf(asked.Options)
      const { index, forms } = goldOf(asked, options)
      if (free ? forms.length === 0 : index < 0) {
        silent++
        continue
      }
      yield {
        cell,
        id: `${name} ${id}`,
        sample: async () => {
          const made = await corpus()
          const quotes = textsIn(asked.Evidences ?? asked.Evidence)
          const { evidence, unresolved } = locate(made.sources, quotes)
          const complexity = String(asked.Complexity ?? asked.Complex ?? '')
          return {
            corpus: made,
            instruction: free
              ? 'Read the novel and answer the question in a few words.'
              : 'Read the novel and choose the right answer to the question.',
            question: String(asked.Question),
            answers: [free ? forms : [options.texts[index]!]],
            evidence,
            tags: {
              ...tagsOf(about[name] ?? {}),
              ...tagsOf(asked, told),
              book: name,
              part: folder,
              qid: id,
              aspect: String(asked.Aspect ?? ''),
              complexity: complexities[complexity] ?? complexity,
              ...(index < 0 ? {} : { gold: options.letters[index]! }),
            },
            ...(free ? {} : { choices: options.texts, cue: 'Answer with one letter.' }),
            ...(unresolved > 0 ? { unresolved } : {}),
          }
        },
      }
    }
    if (silent > 0) request.warn?.({ path, message: `${silent} questions have no published answer; they are left out` })
  }
})

export default dataset
