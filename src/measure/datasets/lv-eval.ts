import { listFiles, place, readRows } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { items, listOf, tagsOf, textCorpus } from '../items.ts'
import { locate } from '../locate.ts'
import { bareWords, common, harmonic } from '../words.ts'

export const meta = {
  name: 'lv-eval',
  summary:
    'Eleven sets of questions in English and Chinese, each at five lengths from 16k to 256k words, with confusing facts.',
  paper: 'Yuan et al. 2024, LV-Eval, arXiv 2402.05136',
  folder: 'lv-eval',
  licence: 'MIT; each part has its own terms',
  metrics: ['f1', 'rouge-l', 'answer-kept'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Row {
  readonly input: string
  readonly context: string
  readonly answers: readonly string[]
  readonly length?: number
  readonly dataset?: string
  readonly language?: string
  readonly answer_keywords?: string | readonly string[] | null
  readonly confusing_facts?: string | readonly string[] | null
}
const manyHops = /^(hotpotwikiqa|loogle_CR|loogle_MIR|lic|dureader)/
/** Words that say nothing by themselves: a list of our own. */
const empty = new Set(
  'about after all also and are as at be because been before but by can did do does for from had has have he her him his how if in into is it its may more most not of on or our she so some than that their them then there these they this to was we were what when where which who will with would you 的 了 和 是 在 有 与 为 于 等 也 不 被 由 从 到 对 以 之 其 这 那'.split(
    ' ',
  ),
)

/**
 * F1 of words, and nothing where less than a fifth (in Chinese two fifths) of the words of the answer's keywords were
 * said. Chinese is taken by characters, where the published script cuts it into words.
 */
export function keywordF1(said: string, answer: string, keywords: string, language: string): number {
  const heard = bareWords(said)
  const wanted = bareWords(answer)
  const keys = bareWords(keywords || (language === 'zh' ? answer : ''))
  const telling = (words: readonly string[]): string[] => words.filter((word) => !empty.has(word))
  if (keys.length > 0 && common(telling(heard), telling(keys)) / keys.length < (language === 'zh' ? 0.4 : 0.2)) return 0
  if (heard.length === 0 || wanted.length === 0) return heard.length === wanted.length ? 1 : 0
  const shared = common(heard, wanted)
  return harmonic(shared / heard.length, shared / wanted.length)
}

/**
 * From huggingface.co/datasets/Infinigence/LVEval: files such as `hotpotwikiqa_mixup_16k.jsonl`, unpacked into one folder.
 * The published score looks at the first answer alone, and so does `keyword-f1` here. Confusing facts are distractors;
 * those that stand nowhere in the text are counted in the tag `facts_lost`. What holds the answer is not published.
 */
const dataset: Dataset = items(async function* (request, wants) {
  const pattern = /^(\w+?)_(\d+k)\.jsonl$/
  const files = (await listFiles(request, meta.folder)).filter((file) => pattern.test(file))
  if (files.length === 0) await place(request, `${meta.folder}/hotpotwikiqa_mixup_16k.jsonl`)
  for (const file of files) {
    const [, name = '', level = ''] = pattern.exec(file)!
    const cell = `LV-Eval ${name}, ${level}`
    if (!wants(cell)) continue
    let index = -1
    for await (const row of readRows<Row>(request, `${meta.folder}/${file}`)) {
      index++
      if (!wants(cell)) break
      const { source, ...corpus } = await textCorpus(`${file} ${index}`, row.context)
      const facts = listOf(row.confusing_facts).filter((fact) => fact.trim() !== '')
      const { evidence: lures, unresolved: lost } = locate([source], facts)
      const [answer = ''] = row.answers
      const language = row.language ?? (/_zh|cmrc|lic|dureader/.test(name) ? 'zh' : 'en')
      const keywords = listOf(row.answer_keywords).join(' ')
      yield {
        id: `lv-eval ${name} ${level} ${index}`,
        cell,
        corpus,
        instruction: 'Answer the question from the articles, with the answer and nothing else.',
        question: row.input,
        answers: [row.answers],
        evidence: [],
        ...(lures.length > 0 ? { distractors: lures.map((span) => ({ span })) } : {}),
        tags: tagsOf({
          dataset: name,
          level,
          words: row.length,
          language,
          hops: manyHops.test(name) ? 'many' : 'one',
          confusing: facts.length,
          facts_lost: lost,
          keywords: keywords || undefined,
        }),
        check: (said) => ({ 'keyword-f1': keywordF1(said, answer, keywords, language) }),
      }
    }
  }
})

export default dataset
