import { type Citation, overlap, sentences } from '../core/index.ts'
import type { Judge, Outcome } from './contract.ts'

/** A sentence of an answer with what it cites. */
export interface Statement {
  readonly text: string
  readonly cited: readonly string[]
}

/** The sentences of what was said, without their numbers in brackets, each with the citations that support it. */
export function statementsOf(said: string, citations: readonly Citation[]): Statement[] {
  return sentences(said).flatMap(([start, end]) => {
    const text = said
      .slice(start, end)
      .replace(/\s*\[\d+\]/g, '')
      .trim()
    if (text === '') return []
    const span = { source: '', start, end }
    const cited = citations.flatMap(({ text: words, supports }) =>
      supports && overlap({ source: '', start: supports[0], end: supports[1] }, span) > 0 ? [words] : [],
    )
    return [{ text, cited: [...new Set(cited)] }]
  })
}

export const bears = async (judge: Judge, texts: readonly string[], claim: string): Promise<boolean> =>
  texts.length > 0 && (await judge.judge({ kind: 'entailment', text: texts.join('\n'), claim })).score >= 0.5

export const citedBy = ({ said, citations }: Outcome): Statement[] | undefined =>
  said === undefined || !citations ? undefined : statementsOf(said, citations)
