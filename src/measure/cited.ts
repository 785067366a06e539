import { type Citation, sentences } from '../core/index.ts'
import type { Judge, Outcome } from './contract.ts'

/** A sentence of an answer with the words that are cited for it. */
export interface Statement {
  readonly claim: string
  readonly cited: readonly string[]
}

const markers = /\s*\[\s*\d+(?:\s*[,;-]\s*\d+)*\s*\]/g

/**
 * The sentences of an answer without the marks of their citations, each with what is cited for it: the citations whose
 * range meets it, and those that are given for the whole answer. Undefined where nothing was said or nothing can cite.
 */
export function statementsOf({ said, citations }: Outcome): Statement[] | undefined {
  if (said === undefined || citations === undefined) return undefined
  const meets = ({ supports }: Citation, start: number, end: number): boolean =>
    supports === undefined || (supports[0] < end && start < supports[1])
  return sentences(said).flatMap(([start, end]) => {
    const claim = said.slice(start, end).replace(markers, '').trim()
    if (!/[\p{L}\p{N}]/u.test(claim)) return []
    const own = citations.filter((citation) => citation.text.trim() !== '' && meets(citation, start, end))
    return [{ claim, cited: [...new Set(own.map(({ text }) => text.trim()))] }]
  })
}

/** Whether texts together bear a claim out, each question asked once. */
export function entailment(judge: Judge): (texts: readonly string[], claim: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>()
  return (texts, claim) => {
    if (texts.length === 0) return Promise.resolve(false)
    const text = texts.join('\n')
    const key = JSON.stringify([text, claim])
    const before = known.get(key)
    if (before) return before
    const asked = judge.judge({ kind: 'entailment', text, claim }).then(({ score }) => score >= 0.5)
    known.set(key, asked)
    return asked
  }
}
