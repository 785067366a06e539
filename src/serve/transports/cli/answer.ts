import type { Answer, Citation } from '../../../core/index.ts'
import type { Library } from '../../../open.ts'
import { safe, type Terminal } from './terminal.ts'

/** An answer with its citations named, as `--json` prints it. */
export async function answerJson(library: Library, answer: Answer) {
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

export async function printAnswer(library: Library, term: Terminal, answer: Answer, streamed: boolean): Promise<void> {
  const marks = await numbered(library, answer)
  if (streamed) term.print('')
  else term.print(safe(withMarks(answer, marks)))
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

function withMarks(answer: Answer, marks: readonly Mark[]): string {
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
  return out + answer.text.slice(from)
}
