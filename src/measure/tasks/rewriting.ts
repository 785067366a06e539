import type { TaskMeta } from '../contract.ts'
import { inGroups } from '../generators/groups.ts'
import { checkKept, factName, plantedFact } from '../generators/planted.ts'
import { distinct } from '../generators/words.ts'

export const meta = {
  name: 'rewriting',
  summary: 'A text to be rewritten; counted is how many of the facts in it come through.',
  paper: 'Mohamed et al. 2025, LLM as a Broken Telephone, arXiv 2502.20258',
  options: { facts: 20 },
  metrics: [],
  diffusion: 'high',
  scope: 'high',
} as const satisfies TaskMeta

/** One round; `generators/telephone.ts` runs many. The paper has models judge what is left, ours looks for planted words. */
export default inGroups(meta.name, async ({ request, weaver, random, id }) => {
  const { length, options } = request
  const names = distinct(Number(options.facts), () => factName(random))
  const facts = names.map((name) => plantedFact(name, random))
  const asked = {
    question:
      'Rewrite the text above in your own words from its beginning to its end. Say the same, and keep every name, year and amount.',
  }
  const blocks = facts.map(({ text }) => ({ text, depth: random() }))
  const { corpus, spans, tokens } = await weaver.text(id, blocks, [asked], random)
  return [
    {
      id,
      cell: meta.name,
      corpus,
      ...asked,
      answers: facts.map(({ parts }) => parts[0]!.forms),
      evidence: spans,
      needs: facts.map((_, at) => [at]),
      tags: { length, facts: facts.length },
      tokens: tokens[0]!,
      solve: (seen) =>
        facts
          .filter((_, at) => seen[at])
          .map(({ text }) => text)
          .join(' '),
      check: (said) => checkKept(facts, said),
    },
  ]
})
