import { makeSource, type Source, type Span } from '../../core/index.ts'
import { allRows } from '../adapters/files.ts'
import type { Dataset, DatasetMeta, DatasetRequest, Sample } from '../contract.ts'
import { pools } from '../corpus.ts'
import { choicesIn, type ExamKind, examMark } from '../exam.ts'
import { Wanted } from '../generators/wanted.ts'

export const meta = {
  name: 'leval',
  summary:
    'Long documents of many kinds: questions with short answers, read by answer kept, and closed ones with an exam’s mark.',
  paper: 'An et al. 2023, L-Eval, arXiv 2307.11088',
  folder: 'leval',
  licence: 'GPL-3.0; each part has its own terms',
  metrics: ['answer-kept'],
  tested: 'published',
} as const satisfies DatasetMeta

interface Row {
  readonly input: string
  readonly instructions: readonly string[]
  readonly outputs: readonly string[]
}
const parts = ['natural_question', 'legal_contract_qa', 'scientific_qa', 'multidoc_qa', 'financial_qa']

const open: Dataset = pools(async function* (request) {
  for (const part of parts) {
    const rows = await allRows<Row>(request, `${meta.folder}/${part}.jsonl`)
    for (const [number, { input, instructions, outputs }] of rows.entries())
      yield {
        cell: `L-Eval, ${part}`,
        documents: [{ name: `${part} ${number}`, units: [{ text: input }] }],
        uncut: true,
        questions: instructions.map((text, index) => ({ text, answers: [outputs[index]!] })),
      }
  }
})

const closedParts: Readonly<Record<string, ExamKind>> = {
  coursera: 'letters',
  quality: 'letter',
  tpo: 'letter',
  sci_fi: 'judgement',
  topic_retrieval_longchat: 'topic',
  gsm100: 'number',
}
const cues: Readonly<Record<ExamKind, string>> = {
  letters: 'Answer with the letter, or with all letters where several are right.',
  letter: 'Answer with the letter alone.',
  judgement: 'Judge by the document, then in brackets by our world, in this form: True [fact: False]',
  topic: 'Answer with the topic alone.',
  number: 'End with the words "The answer is" and the number.',
  output: '',
}
type Closed = Pick<Sample, 'question' | 'answers' | 'evidence'> & Partial<Sample>

/** Letters stand with the text of their choice, since "A" alone is a word of most texts. */
function chosen(question: string, gold: string): Pick<Closed, 'question' | 'answers' | 'choices'> {
  const { asked, choices } = choicesIn(question) ?? { asked: question, choices: [] }
  const letters = [...gold.split(/\s/, 1)[0]!.replace(/[^A-H]/g, '')]
  const answers = letters.map((letter) => {
    const text = choices[letter.charCodeAt(0) - 65]
    return text === undefined || text === '' ? [`(${letter})`] : [`(${letter}) ${text}`, text]
  })
  return { question: asked, answers, choices }
}

const opening = /I would like to discuss the topic of ([^\n]+?)\.? ?\n/g

/** The user's sentence that opens the topic asked for is the evidence; those of the other topics look just like it. */
function topical({ id, text }: Source, index: number, gold: string): Partial<Closed> {
  const openings = [...text.matchAll(opening)].map(({ index: start, 0: whole, 1: topic }) => ({
    span: { source: id, start, end: start + whole.trimEnd().length } satisfies Span,
    says: topic!,
  }))
  const own = openings[index]
  if (own?.says.toLowerCase() !== gold.toLowerCase()) return { unresolved: 1 }
  return {
    evidence: [own.span],
    distractors: openings.filter((_, at) => at !== index),
    tags: { topic: ['first', 'second', 'third'][index]!, topics: openings.length, depth: own.span.start / text.length },
  }
}

async function* closed(request: DatasetRequest): AsyncGenerator<Sample> {
  const wanted = new Wanted(request)
  for (const [part, kind] of Object.entries(closedParts)) {
    const cell = `L-Eval, ${part}`
    if (!wanted.any(cell)) continue
    const rows = await allRows<Row>(request, `${meta.folder}/${part}.jsonl`)
    for (const [number, { input, instructions, outputs }] of rows.entries()) {
      if (!wanted.any(cell)) break
      const name = `${part} ${number}`
      const source = await makeSource({ uri: `${name}.txt`, text: input, mediaType: 'text/plain' })
      const corpus = { id: name, sources: [source] }
      for (const [index, asked] of instructions.entries()) {
        if (!wanted.take(cell)) break
        const gold = outputs[index]!
        const { tags, ...topic } = kind === 'topic' ? topical(source, index, gold) : {}
        yield {
          id: `${cell} ${number} ${index}`,
          cell,
          corpus,
          cue: cues[kind],
          answers: [[gold]],
          evidence: [],
          question: asked.trim(),
          ...(kind.startsWith('letter') ? chosen(asked, gold) : {}),
          ...topic,
          tags: { part, ...tags },
          check: (said) => ({ exam: examMark(kind, said, gold) }),
        }
      }
    }
  }
}

/** Where an exam's mark is given it is the main score; `answer-kept` says little of letters and judgements. */
const dataset: Dataset = async function* (request) {
  yield* open(request)
  yield* closed(request)
}

export default dataset
