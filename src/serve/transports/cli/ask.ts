import type { Answer, Citation } from '../../../core/index.ts'
import type { Library } from '../../../open.ts'
import { exit } from './exit.ts'
import { chooseModel } from './models.ts'
import { filterOf, number, type SharedOptions, session } from './session.ts'
import { safe, type Terminal } from './terminal.ts'

export interface AskCommandOptions extends SharedOptions {
  readonly tokenBudget: string
  readonly limit: string
  readonly model?: string
  readonly strategy?: string
  readonly compressor?: string
  readonly order?: string
  readonly maxCost?: string
}

/** `fovea ask PATH... "question"`. */
export async function ask(paths: readonly string[], question: string, options: AskCommandOptions): Promise<number> {
  const filter = filterOf(options)
  return session(paths, options, async ({ library, report, term, abortSignal, exitCode }) => {
    const chosen = await chooseModel(options, library.location)
    const asking = library.ask(question, {
      budget: number(options.tokenBudget, 'token-budget'),
      limit: number(options.limit, 'limit'),
      abortSignal,
      ...(filter ? { filter } : {}),
      ...(options.strategy ? { strategy: options.strategy } : {}),
      ...(options.compressor ? { compressor: options.compressor } : {}),
      ...(options.order ? { orderer: options.order } : {}),
      ...(chosen ? { model: chosen.port } : {}),
    })
    let streamed = false
    try {
      let step = await asking.next()
      for (; !step.done; step = await asking.next()) {
        if (step.value.type === 'progress') term.progress(step.value.progress)
        if (step.value.type === 'text' && term.live && chosen) {
          if (!streamed) term.quiet()
          streamed = true
          term.write(safe(step.value.text))
        }
      }
      const answer = step.value
      term.quiet()
      if (term.json)
        term.result({ question, ...(await answerJson(library, answer)), ...(report ? { refresh: report } : {}) })
      else await printAnswer(library, term, answer, streamed)
      return answer.found ? exitCode : exit.notFound
    } finally {
      await chosen?.close()
    }
  })
}

async function answerJson(library: Library, answer: Answer) {
  const passages = new Map(
    await Promise.all(answer.pack.kept.map(async (passage) => [passage, await library.cite(passage)] as const)),
  )
  return {
    ...answer,
    citations: await Promise.all(
      answer.citations.map(async (citation) => ({
        ...citation,
        label: await library.cite(citation.passage),
        uri: (await library.store.source(citation.passage.spans[0]))?.uri,
      })),
    ),
    pack: {
      budget: answer.pack.budget,
      tokens: answer.pack.tokens,
      kept: answer.pack.kept.map((passage) => ({ ...passage, label: passages.get(passage) })),
      dropped: answer.pack.dropped.map(({ passage, why }) => ({ spans: passage.spans, score: passage.score, why })),
    },
  }
}

interface Mark {
  readonly number: number
  readonly label: string
  readonly citation: Citation
}

/** Numbers citations in the order in which the answer uses them; equal labels share a number. */
async function numbered(library: Library, answer: Answer): Promise<Mark[]> {
  const numbers = new Map<string, number>()
  const marks: Mark[] = []
  for (const citation of answer.citations) {
    const label = await library.cite(citation.passage)
    const key = `${label}\n${citation.verified}`
    const known = numbers.get(key) ?? numbers.size + 1
    numbers.set(key, known)
    marks.push({ number: known, label, citation })
  }
  return marks
}

async function printAnswer(library: Library, term: Terminal, answer: Answer, streamed: boolean): Promise<void> {
  const marks = await numbered(library, answer)
  if (streamed) term.print('')
  else term.print(safe(withMarks(answer, marks, term)))
  if (answer.unsupported.length > 0)
    term.print(
      `\n${term.style('yellow', `${answer.unsupported.length} sentence(s) of this answer are not supported by a verified quote:`)}`,
    )
  for (const [start, end] of answer.unsupported)
    term.print(`  ${term.style('yellow', '?')} ${safe(answer.text.slice(start, end).trim())}`)
  if (marks.length === 0) return
  term.print('')
  for (const mark of marks.filter(
    (mark, index) => marks.findIndex((other) => other.number === mark.number) === index,
  )) {
    const failed = mark.citation.verified ? '' : ` ${term.style('red', '(quote not found in the source)')}`
    term.print(`${term.style('cyan', `[${mark.number}]`)} ${safe(mark.label)}${failed}`)
  }
}

function withMarks(answer: Answer, marks: readonly Mark[], term: Terminal): string {
  const inserts = new Map<number, Set<number>>()
  for (const { citation, number: mark } of marks) {
    if (!citation.supports) continue
    const at = citation.supports[1]
    inserts.set(at, (inserts.get(at) ?? new Set()).add(mark))
  }
  let out = ''
  let from = 0
  for (const [at, numbers] of [...inserts].sort(([a], [b]) => a - b)) {
    const before = answer.text.slice(from, at)
    const trimmed = before.trimEnd()
    out += `${trimmed} ${[...numbers].map((value) => `[${value}]`).join('')}${before.slice(trimmed.length)}`
    from = at
  }
  void term
  return out + answer.text.slice(from)
}
