import type { OutlineNode, Span } from '../../core/index.ts'
import { readItems } from '../adapters/lists.ts'
import { treeOf } from '../adapters/trees.ts'
import type { Corpus, Dataset, DatasetMeta, Unit } from '../contract.ts'
import { published, tagsOf, textSource } from '../published.ts'

export const meta = {
  name: 'longmemeval',
  summary:
    'Questions to an assistant on its chats with one user: five abilities, among tens or hundreds of dated sessions.',
  paper: 'Wu et al. 2024, LongMemEval, arXiv 2410.10813',
  folder: 'longmemeval',
  licence: 'MIT',
  metrics: ['recall', 'hit', 'all-gold', 'ndcg'],
  tested: 'shape',
} as const satisfies DatasetMeta

interface Turn {
  readonly role: string
  readonly content: string
  readonly has_answer?: boolean
}
interface Row {
  readonly question_id: string
  readonly question_type: string
  readonly question: string
  readonly answer: string | number
  readonly question_date: string
  readonly haystack_session_ids: readonly string[]
  readonly haystack_dates: readonly string[]
  readonly haystack_sessions: readonly (readonly Turn[])[]
  readonly answer_session_ids: readonly string[]
}
const abilities: Readonly<Record<string, string>> = {
  'single-session-user': 'information extraction',
  'single-session-assistant': 'information extraction',
  'single-session-preference': 'information extraction',
  'multi-session': 'multi-session reasoning',
  'knowledge-update': 'knowledge updates',
  'temporal-reasoning': 'temporal reasoning',
}

/** What a judge is to look for, by the kind of question, as the paper has it judged. */
function rubricOf(type: string, answer: string, abstains: boolean): string {
  if (abstains) return `The reply says that this is not known or was never mentioned. Why: ${answer}`
  if (type === 'single-session-preference') return `The reply draws on what is known of the user. Wanted: ${answer}`
  const right = `The reply gives this answer, or all that it takes: ${answer}.`
  if (type === 'temporal-reasoning') return `${right} A count of days, weeks or months may be off by one.`
  return type === 'knowledge-update'
    ? `${right} Older values may be named too, if this one is given as the present.`
    : right
}

/** `2023/05/20 (Sat) 02:21` as milliseconds, the chat's own clock taken for UTC. */
function timeOf(date: string): number | undefined {
  const [, year, month, day, hour = '0', minute = '0'] =
    /^(\d{4})\/(\d{1,2})\/(\d{1,2})(?:\D*(\d{1,2}):(\d{2}))?/.exec(date) ?? []
  if (year === undefined) return undefined
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute))
}

interface Built {
  readonly corpus: Corpus
  /** Turns that hold the answer, or whole sessions that do and mark no turn. */
  readonly marked: readonly Span[]
  readonly unresolved: number
}

async function build(row: Row, cell: string, bySession: boolean): Promise<Built> {
  const order = row.haystack_sessions
    .map((turns, index) => ({ turns, id: row.haystack_session_ids[index]!, date: row.haystack_dates[index] ?? '' }))
    .sort((one, other) => (timeOf(one.date) ?? 0) - (timeOf(other.date) ?? 0))
  const wanted = new Set(row.answer_session_ids)
  const corpus = { id: `${cell} ${row.question_id}`, sources: [] as Corpus['sources'][number][], units: [] as Unit[] }
  const marked: Span[] = []
  for (const { turns, id, date } of order) {
    const said = turns.filter(({ content }) => content.trim() !== '')
    if (said.length === 0) continue
    let text = ''
    const places = said.map((turn) => {
      if (text !== '') text += '\n'
      const start = text.length
      text += `${turn.role} (${date}): `
      const from = text.length
      text += turn.content
      return { turn, start, from, end: text.length }
    })
    const time = timeOf(date)
    const outline = places.map(({ start, end }): OutlineNode => ({ kind: 'turn', level: 1, start, end }))
    const source = await textSource(id, text, { outline, ...(time === undefined ? {} : { time }) })
    corpus.sources.push(source)
    const spoken = said.filter(({ role }) => role === 'user').map(({ content }) => content)
    if (bySession) corpus.units.push({ source: source.id, start: 0, end: text.length, plain: spoken.join(' ') })
    else
      for (const { turn, start, end } of places)
        corpus.units.push({ source: source.id, start, end, plain: turn.content })
    const telling = places.filter(({ turn }) => turn.has_answer === true)
    if (telling.length > 0) marked.push(...telling.map(({ from, end }) => ({ source: source.id, start: from, end })))
    else if (wanted.has(id)) marked.push({ source: source.id, start: 0, end: text.length })
    wanted.delete(id)
  }
  return { corpus, marked, unresolved: wanted.size }
}

/**
 * One cell for each file: put `longmemeval_s.json`, `longmemeval_m.json` or `longmemeval_oracle.json` (or their `_cleaned`
 * versions) into the folder. Sessions are Sources with their time, in its order; units are turns, or with option
 * `units` = `sessions` whole sessions, found by what the user said as the paper has it. Questions to abstain from have no
 * evidence and are no part of recall, as in the paper; turns that look like it are distractors. The tag `rubric` is for a judge.
 */
const dataset: Dataset = published(async function* (request) {
  const { at, files } = await treeOf(request, {
    folder: meta.folder,
    pattern: /^(?:data\/)?longmemeval_(s|m|oracle)(?:_cleaned)?(?:\.json|\.jsonl)?(?:\.gz)?$/,
    example: 'longmemeval_s.json',
    url: 'https://huggingface.co/datasets/xiaowu0162/longmemeval',
  })
  const bySession = request.options?.units === 'sessions'
  for (const [path, size = ''] of files) {
    const cell = `LongMemEval, ${size === 'oracle' ? size : size.toUpperCase()}`
    if (request.cells && !request.cells.includes(cell)) continue
    for await (const row of readItems<Row>(at, path))
      yield {
        cell,
        id: row.question_id,
        sample: async () => {
          const { corpus, marked, unresolved } = await build(row, cell, bySession)
          const { question_type: type, question_date: date } = row
          const abstains = /_abs$/.test(row.question_id)
          const answer = String(row.answer)
          return {
            corpus,
            instruction: 'These are your earlier chats with a user, by date. Answer the question from them.',
            question: row.question,
            cue: `It is asked on ${date}. Say so if the chats do not tell.`,
            answers: abstains ? [] : [[answer]],
            evidence: abstains ? [] : marked,
            ...(abstains ? { distractors: marked.map((span) => ({ span })) } : {}),
            ...(unresolved > 0 && !abstains ? { unresolved } : {}),
            tags: {
              ...tagsOf(row, ['question_id', 'question', 'answer']),
              ability: abstains ? 'abstention' : (abilities[type] ?? type),
              abstention: abstains,
              answerable: !abstains,
              sessions: corpus.sources.length,
              rubric: rubricOf(type, answer, abstains),
            },
          }
        },
      }
  }
})

export default dataset
