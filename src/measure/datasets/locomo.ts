import { readJson } from '../adapters/files.ts'
import type { Dataset, DatasetMeta } from '../contract.ts'
import { type PoolDocument, type PoolQuestion, pools } from '../corpus.ts'

export const meta = {
  name: 'locomo',
  summary: 'Ten very long chats of two people; the evidence is turns. A second row uses the audited labels.',
  paper: 'Maharana et al. 2024, LoCoMo, arXiv 2402.17753',
  folder: 'locomo',
  licence: 'CC BY-NC 4.0',
  metrics: ['recall', 'all-gold', 'answer-kept'],
  tested: 'published',
} as const satisfies DatasetMeta

interface Turn {
  readonly speaker: string
  readonly dia_id: string
  readonly text: string
  readonly blip_caption?: string
}
interface Row {
  readonly conversation: Readonly<Record<string, string | Turn[]>>
  readonly qa: readonly {
    readonly question: string
    readonly answer?: string | number
    readonly evidence?: readonly string[]
    readonly category: number
  }[]
}
const categories = ['', 'multi-hop', 'temporal', 'open', 'single-hop', 'adversarial']

const spoken = ({ speaker, text, blip_caption: caption }: Turn): string =>
  `${speaker}: ${text}${caption ? ` [shares ${caption}]` : ''}`

/** `1:56 pm on 8 May, 2023` as milliseconds, the chat's own clock taken for UTC. */
function timeOf(text: string): number {
  const [, hour = '0', minute = '0', half = 'am', date = ''] = /^(\d+):(\d+) (am|pm) on (.+)$/.exec(text) ?? []
  const day = Date.parse(`${date} UTC`)
  return day + (((Number(hour) % 12) + (half === 'pm' ? 12 : 0)) * 60 + Number(minute)) * 60_000
}

const dataset: Dataset = pools(async function* (request) {
  const rows = await readJson<Row[]>(request, `${meta.folder}/locomo10.json`)
  const errors = await readJson<{ question_id: string; correct_evidence?: string[] }[]>(
    request,
    `${meta.folder}/audit-errors.json`,
  )
  const audited = new Map(errors.map((error) => [error.question_id, error.correct_evidence ?? []]))
  for (const [number, { conversation, qa }] of rows.entries()) {
    const numbers = new Map<string, number>()
    const documents: PoolDocument[] = []
    for (let session = 1; session <= Object.keys(conversation).length; session++) {
      const turns = conversation[`session_${session}`]
      if (!Array.isArray(turns)) continue
      for (const { dia_id: id } of turns) numbers.set(id, numbers.size)
      const time = timeOf(String(conversation[`session_${session}_date_time`]))
      documents.push({
        name: `chat ${number} session ${session}`,
        time,
        units: turns.map((turn) => ({ text: spoken(turn) })),
      })
    }
    const goldOf = (evidence: readonly string[]): number[] => {
      const found = evidence
        .flatMap((entry) => [...String(entry).matchAll(/D:?(\d+):0*(\d+)/g)])
        .map(([, session, turn]) => numbers.get(`D${Number(session)}:${Number(turn)}`))
      return [...new Set(found.filter((unit) => unit !== undefined))]
    }
    const asked: PoolQuestion[] = qa.map(({ question, answer, evidence = [], category }) => ({
      text: question,
      gold: goldOf(evidence),
      tags: { category: categories[category]! },
      ...(category === 5 ? {} : { answers: [String(answer)] }),
    }))
    yield { cell: 'LoCoMo', documents, questions: asked }
    const corrected = asked.flatMap((question, index) => {
      const better = audited.get(`locomo_${number}_qa${index}`) ?? []
      return qa[index]!.category === 5 ? [] : [better.length > 0 ? { ...question, gold: goldOf(better) } : question]
    })
    yield { cell: 'LoCoMo, audited', documents, questions: corrected }
  }
})

export default dataset
