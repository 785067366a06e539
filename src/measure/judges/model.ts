import { FoveaError } from '../../core/index.ts'
import type { JudgeFactory, JudgeRequest } from '../contract.ts'

export const meta = {
  name: 'model',
  summary: 'Asks a language model, and takes only a plain yes or no, or a plain number on a stated scale.',
  needs: ['model'],
} as const

/** Highest mark; a score is the mark over it. */
const highest = 5
const oneWord = 'Reply with one word on the first line: YES or NO.'
const oneMark = `Reply with one whole number from 0 (not at all) to ${highest} (fully) on the first line.`

const block = (name: string, text: string): string => `<${name}>\n${text}\n</${name}>`

interface Question {
  readonly prompt: string
  readonly marks: boolean
}

function questionOf(request: JudgeRequest): Question {
  switch (request.kind) {
    case 'entailment':
      return {
        marks: false,
        prompt: `Does the text by itself establish the claim? Use nothing that you know from elsewhere. If any part of the claim is not in the text, or the text contradicts it, the reply is NO.\n\n${block('text', request.text)}\n\n${block('claim', request.claim)}\n\n${oneWord}`,
      }
    case 'reasoning':
      return {
        marks: false,
        prompt: `Does the explanation contain this step of reasoning, in whatever words? If the step is missing or is denied, the reply is NO.\n\n${block('explanation', request.said)}\n\n${block('step', request.step)}\n\n${oneWord}`,
      }
    case 'compliance':
      return {
        marks: false,
        prompt: `${
          request.answerable
            ? 'The reader of this question had a document that answers it. Did the reply give an answer to it, rather than decline, evade, or answer something else?'
            : 'The reader of this question had no document that answers it. Did the reply decline to answer for that reason, without offering an answer all the same?'
        }\n\n${block('question', request.question)}\n\n${block('reply', request.said)}\n\n${oneWord}`,
      }
    case 'rubric':
      return {
        marks: true,
        prompt: `How well does the reply to the question meet the criterion? Judge this criterion and nothing else.\n\n${block('question', request.question)}\n\n${block('reply', request.said)}\n\n${block('criterion', request.criterion)}\n\n${oneMark}`,
      }
    case 'sub-question': {
      const known = request.answers?.length ? `\n\n${block('known-answers', request.answers.join('\n'))}` : ''
      return {
        marks: true,
        prompt: `How completely could someone answer the question who reads only this text?\n\n${block('text', request.text)}\n\n${block('question', request.question)}${known}\n\n${oneMark}`,
      }
    }
  }
}

/** The score that a reply gives on its first line, without thoughts in front of it; undefined where it gives none or two. */
function scoreOf(reply: string, marks: boolean): number | undefined {
  const first = reply
    .replace(/<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/gi, '')
    .trim()
    .split('\n')[0]!
    .trim()
  if (!marks) {
    const word = /^\W*(yes|no)\W*$/i.exec(first)?.[1]?.toLowerCase()
    return word === undefined ? undefined : word === 'yes' ? 1 : 0
  }
  const [, mark, of] = /^[^\p{L}\p{N}-]*(\d+(?:\.\d+)?)(?:\s*\/\s*(\d+))?\W*$/u.exec(first) ?? []
  if (mark === undefined || (of !== undefined && Number(of) !== highest) || Number(mark) > highest) return undefined
  return Number(mark) / highest
}

/**
 * A reply that cannot be read is asked for once more. Throws `model-missing` without a model, `judge-unclear` when the second
 * reply cannot be read either, and what the model's port throws.
 */
const factory: JudgeFactory = ({ model }) => {
  if (!model) throw new FoveaError('model-missing', 'the judge "model" needs a language model: give it one as "model"')
  return {
    name: `${meta.name} ${model.name}`,
    origin: 'model',
    async judge(request, abortSignal) {
      abortSignal?.throwIfAborted()
      const { prompt, marks } = questionOf(request)
      const signal = abortSignal ? { abortSignal } : {}
      const { text } = await model.generate({ intent: 'judge', prompt, ...signal })
      const score = scoreOf(text, marks)
      if (score !== undefined) return { score, why: text }
      const again = `${prompt}\n\nAn earlier reply to this could not be read:\n${block('earlier-reply', text.slice(0, 1000))}\n\n${marks ? 'Give the number alone.' : 'Give the word alone.'}`
      const second = await model.generate({ intent: 'judge', prompt: again, ...signal })
      const repaired = scoreOf(second.text, marks)
      if (repaired !== undefined) return { score: repaired, why: second.text }
      throw new FoveaError(
        'judge-unclear',
        `${model.name} gave no ${marks ? `number from 0 to ${highest}` : 'yes or no'} when asked twice: take another judge, or look at its replies`,
        { detail: { kind: request.kind, replies: [text, second.text] } },
      )
    },
  }
}
export default factory
