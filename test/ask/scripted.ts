// Small programs in place of models, by the intent of a call; labelled as such.
import type { Intent, ModelCall } from '../../src/model/index.ts'
import { type ScriptedModel, scriptedModel } from '../../src/testing/index.ts'
import { o200k } from './shelf.ts'

/** A port that replies with what a function of the call says. */
export const scripted = (
  reply: (call: ModelCall, index: number) => string | Error | Promise<string | Error>,
): ScriptedModel => scriptedModel(reply, { counter: o200k })

/** A program that copies the lines in its prompt that match, and answers with them. */
export function copier(evidence: RegExp): (call: ModelCall) => string {
  return ({ intent, prompt }) => {
    const lines = prompt
      .split('\n')
      .filter((line) => evidence.test(line) && !line.startsWith('Question:'))
      .map((line) => line.replace(/^\[\d+\]\s*/, ''))
    const found = [...new Set(lines)]
    const replies: Record<Intent, () => string> = {
      extract: () => found.join('\n') || 'NONE',
      summarise: () => found.join('\n') || 'NONE',
      answer: () => found.map((line) => `It is so [1: "${line}"].`).join(' ') || 'NOT FOUND. The text does not say.',
      judge: () => 'YES',
      plan: () => 'When do ferries leave?',
      program: () => 'When do ferries leave?',
      rewrite: () => 'When do ferries leave?',
    }
    return replies[intent]()
  }
}

/** In place of a sandbox, which is tested by itself: it runs nothing, and says whether the program can be read at all. */
export const runCode = async (program: string): Promise<{ output: string; error?: string }> => {
  try {
    new Function(`return async () => {${program}\n}`)
    return { output: '' }
  } catch (error) {
    return { output: '', error: String(error) }
  }
}
