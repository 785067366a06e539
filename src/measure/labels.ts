const places = ['bathroom', 'bedroom', 'garden', 'hallway', 'kitchen', 'office']

/** All that could be the answer to a question of a bAbI task: what an answer must tell apart. */
export const babiLabels: Readonly<Record<string, readonly string[]>> = {
  qa1: places,
  qa2: places,
  qa3: places,
  qa4: places,
  qa5: ['Bill', 'Fred', 'Jeff', 'Mary', 'apple', 'football', 'milk'],
  qa6: ['no', 'yes'],
  qa7: ['none', 'one', 'two'],
  qa9: ['no', 'yes'],
  qa10: ['maybe', 'no', 'yes'],
}

/**
 * Whether the answer, and no other label, stands in the first sentence of what was said; labels that the question names do
 * not count. Labels are looked for as characters, so that "no" stands in "not". Kuratov et al. 2024, BABILong, arXiv
 * 2406.10149, as its authors' program has it.
 */
export function labelSaid(said: string, target: string, question: string, labels: readonly string[]): boolean {
  const asked = question.toLowerCase()
  const first = said.toLowerCase().split(/\.|<context>|<example>/, 1)[0]!
  const named = labels
    .map((label) => label.toLowerCase())
    .filter((label) => first.includes(label) && !asked.includes(label))
  return new Set(named).size === 1 && named[0] === target.toLowerCase()
}
