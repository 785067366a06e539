import { editDistance } from '../align.ts'
import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'edit-similarity',
  summary: 'One less the edit distance over the longer of what was said and the nearest form of the answer.',
  paper: 'Levenshtein 1966; Svyatkovskiy et al. 2020, IntelliCode Compose, arXiv 2005.08025',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

/** In characters, white space at both ends aside; several answers are compared as their first forms with commas between. */
const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.length) return undefined
  const heard = [...said.trim()]
  const forms = answers.length === 1 ? answers[0]! : [answers.map(([first]) => first).join(', ')]
  return Math.max(
    ...forms.map((form) => {
      const wanted = [...form.trim()]
      const longest = Math.max(heard.length, wanted.length)
      return longest === 0 ? 1 : 1 - editDistance(wanted, heard) / longest
    }),
  )
}

export default metric
