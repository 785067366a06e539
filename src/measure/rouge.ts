import type { Metric } from './contract.ts'
import { harmonic } from './words.ts'

const unspaced = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/g

/**
 * Words as the `rouge_score` package cuts them by default: lower case, runs of letters and digits, no stemming. Ours keeps
 * letters of all scripts, where it keeps those of ASCII, and takes each character of Han and kana as a word.
 */
export const rougeWords = (text: string): string[] =>
  text
    .toLowerCase()
    .normalize('NFKC')
    .replace(unspaced, ' $& ')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')

/**
 * A metric that compares words: the best over the forms of the answer; of several answers, their first forms in a row.
 * Undefined where no form has enough words to be compared.
 */
export function rouge(least: number, score: (heard: readonly string[], wanted: readonly string[]) => number): Metric {
  return ({ said, answers }) => {
    if (said === undefined || !answers?.length) return undefined
    const heard = rougeWords(said)
    const forms = answers.length === 1 ? answers[0]! : [answers.map(([first]) => first).join(' ')]
    const wanted = forms.map(rougeWords).filter((words) => words.length >= least)
    if (wanted.length === 0) return undefined
    return heard.length < least ? 0 : Math.max(...wanted.map((words) => score(heard, words)))
  }
}

/** Runs of so many words that both have, each as often as both have it: the harmonic mean of precision and recall. */
export function shared(size: number, heard: readonly string[], wanted: readonly string[]): number {
  const runs = (words: readonly string[]): string[] =>
    words.slice(size - 1).map((_, at) => words.slice(at, at + size).join(' '))
  const left = new Map<string, number>()
  for (const run of runs(wanted)) left.set(run, (left.get(run) ?? 0) + 1)
  let count = 0
  for (const run of runs(heard)) {
    const held = left.get(run) ?? 0
    if (held === 0) continue
    left.set(run, held - 1)
    count++
  }
  return harmonic(count / (heard.length - size + 1), count / (wanted.length - size + 1))
}
