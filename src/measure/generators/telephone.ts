import type { ModelPort } from '../../model/index.ts'
import type { Sample } from '../contract.ts'
import { delivered, textOf } from '../corpus.ts'

const free = 'Rewrite the text below in your own words. Write the new text and nothing else.'
const held = `${free} Take over every name, year, number and place letter for letter, leave no fact out and add none.`

/**
 * Rewrites a sample's text again and again, each time what came of the time before, and gives what its check says of the
 * text before the first round and after each: `rounds` + 1 numbers from 0 to 1. `constrained` asks for every fact to be
 * kept. Mohamed et al. 2025, LLM as a Broken Telephone, arXiv 2502.20258. Throws as the port does, and for a sample
 * without a check.
 */
export async function retention(
  port: ModelPort,
  sample: Sample,
  rounds: number,
  constrained: boolean,
  abortSignal?: AbortSignal,
): Promise<number[]> {
  const { check } = sample
  if (!check) throw new TypeError('retention needs a sample with a check, such as those of the task "rewriting"')
  const score = (text: string): number => Object.values(check(text))[0]!
  let text = textOf(delivered(sample))
  const curve = [score(text)]
  for (let round = 0; round < rounds; round++) {
    const prompt = `${constrained ? held : free}\n\n${text}`
    text = (await port.generate({ intent: 'rewrite', prompt, ...(abortSignal ? { abortSignal } : {}) })).text
    curve.push(score(text))
  }
  return curve
}
