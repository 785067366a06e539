import { commonSubsequence } from '../align.ts'
import type { Metric, MetricMeta } from '../contract.ts'

export const meta = {
  name: 'identity-ratio',
  summary: 'Places at which two sequences agree when they are aligned as well as can be, over the longer one.',
  paper: 'Cui et al. 2025, CURIE, arXiv 2503.13517',
  atDepth: false,
  of: 'answer',
} as const satisfies MetricMeta

/**
 * Letters of a sequence: of FASTA the lines below the first header, else of fenced text what is inside, else all. Gaps and
 * mismatches cost nothing in the alignment, so that its score is the longest common subsequence.
 */
function letters(text: string): string[] {
  const fenced = /```[^\n]*\n([\s\S]*?)```/.exec(text)?.[1] ?? text
  const header = fenced.search(/^>/m)
  const lines = (header === -1 ? fenced : fenced.slice(header)).split('\n').filter((line) => !line.startsWith('>'))
  return [...lines.join('').toUpperCase()].filter((letter) => /[\p{L}\p{N}]/u.test(letter))
}

const metric: Metric = ({ said, answers }) => {
  if (said === undefined || !answers?.length) return undefined
  const heard = letters(said)
  const forms = answers.length === 1 ? answers[0]! : [answers.map(([first]) => first).join('\n')]
  return Math.max(
    ...forms.map((form) => {
      const wanted = letters(form)
      const longest = Math.max(heard.length, wanted.length)
      return longest === 0 ? 1 : commonSubsequence(wanted, heard) / longest
    }),
  )
}

export default metric
