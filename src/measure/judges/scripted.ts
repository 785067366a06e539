import { FoveaError } from '../../core/index.ts'
import type { JudgeFactory } from '../contract.ts'

export const meta = {
  name: 'scripted',
  summary: 'Says what a function says that its maker gives it: for tests, and for labels that are there already.',
} as const

/** Throws `script-missing` without one, and a RangeError for a score outside 0 to 1. */
const factory: JudgeFactory = ({ script }) => {
  if (!script)
    throw new FoveaError('script-missing', 'the scripted judge needs a "script": a function from a request to a score')
  return {
    name: meta.name,
    origin: 'scripted',
    async judge(request, abortSignal) {
      abortSignal?.throwIfAborted()
      const score = script(request)
      if (!(score >= 0 && score <= 1)) throw new RangeError(`a judge's score is from 0 to 1, not ${score}`)
      return { score }
    },
  }
}
export default factory
