import type { OutlineNode } from '../../core/index.ts'
import { allRows, readJson } from '../adapters/files.ts'
import type { Corpus, Dataset, DatasetMeta } from '../contract.ts'
import { found, items, present, tagsOf, textCorpus } from '../items.ts'

export const meta = {
  name: 'longvideobench',
  summary: 'Questions on long videos with five choices; the video is there as its subtitles alone.',
  paper: 'Wu et al. 2024, LongVideoBench, arXiv 2407.15754',
  folder: 'longvideobench',
  licence: 'CC BY-NC-SA 4.0',
  metrics: ['choice-accuracy'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Row {
  readonly id: string
  readonly video_id: string
  readonly subtitle_path: string
  readonly question: string
  readonly candidates: readonly string[]
  /** Withheld in the test split. */
  readonly correct_choice?: number
  readonly question_category?: string
  readonly topic_category?: string
  readonly level?: string
  readonly duration_group?: number
  readonly duration?: number
  readonly starting_timestamp_for_subtitles?: number
}
type Subtitle =
  | { readonly start: string; readonly end: string; readonly line: string }
  | { readonly timestamp: readonly [number, number | null]; readonly text: string }

/** Seconds of `00:01:02.500`. */
const seconds = (code: string): number =>
  code.split(':').reduce((sum, part) => sum * 60 + Number(part.replace(',', '.')), 0)
const clock = (time: number): string =>
  [time / 3600, (time / 60) % 60, time % 60]
    .map((part) => String(Math.max(0, Math.floor(part))).padStart(2, '0'))
    .join(':')

/** A line for each subtitle, its time before it; the outline has times in milliseconds from the start of the clip. */
async function spoken(id: string, subtitles: readonly Subtitle[], offset: number, duration: number): Promise<Corpus> {
  let text = ''
  const outline: OutlineNode[] = []
  for (const subtitle of subtitles) {
    const [from, to] = 'timestamp' in subtitle ? subtitle.timestamp : [seconds(subtitle.start), seconds(subtitle.end)]
    const words = ('timestamp' in subtitle ? subtitle.text : subtitle.line).trim()
    if (words === '') continue
    if (text !== '') text += '\n'
    const start = text.length
    text += `[${clock(from - offset)}] ${words}`
    const detail = {
      time: Math.round((from - offset) * 1000),
      until: Math.round(((to ?? duration) - (to === null ? 0 : offset)) * 1000),
    }
    outline.push({ kind: 'cue', level: 1, start, end: text.length, detail })
  }
  const { source: _, ...corpus } = await textCorpus(id, text, { outline })
  return corpus
}

/**
 * From huggingface.co/datasets/longvideobench/LongVideoBench: `lvb_val.json` and the folder `subtitles`; videos are not
 * looked at, so that many questions cannot be answered from what is read. Questions of the test split, whose choice is
 * withheld, are left out, and so are those whose subtitles are not there (told to `warn`).
 */
const dataset: Dataset = items(async function* (request, wants) {
  for (const path of await present(
    request,
    ['lvb_val.json', 'lvb_test_wo_gt.json'].map((file) => `${meta.folder}/${file}`),
  )) {
    const rows = (await allRows<Row>(request, path)).filter(
      ({ correct_choice: choice }) => typeof choice === 'number' && choice >= 0,
    )
    const cellOf = ({ duration_group: group = 0 }: Row): string => `LongVideoBench, ${group} s`
    for (const asked of Map.groupBy(rows, (row) => row.subtitle_path).values()) {
      const wanted = asked.filter((row) => wants(cellOf(row)))
      const [first] = wanted
      if (!first) continue
      const [file] = await found(request, [`${meta.folder}/subtitles/${first.subtitle_path}`])
      if (!file) {
        request.warn?.({
          path,
          message: `subtitles/${first.subtitle_path} is not there; its ${wanted.length} questions are left out`,
        })
        continue
      }
      const subtitles = await readJson<Subtitle[]>(request, file)
      const { starting_timestamp_for_subtitles: offset = 0, duration = 0 } = first
      const corpus = await spoken(`video ${first.video_id}`, subtitles, offset, duration)
      for (const row of wanted)
        yield {
          id: row.id,
          cell: cellOf(row),
          corpus,
          instruction: 'Below are the subtitles of a video. Choose the right answer.',
          question: row.question,
          choices: row.candidates,
          answers: [[row.candidates[row.correct_choice!]!]],
          evidence: [],
          tags: tagsOf({
            video: row.video_id,
            question_category: row.question_category,
            topic_category: row.topic_category,
            level: row.level,
            duration_group: row.duration_group,
            duration: row.duration,
          }),
        }
    }
  }
})

export default dataset
