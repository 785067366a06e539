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

/** Labels in a text that the question does not name, in lower case, in the order in which they stand. */
export function labelsIn(text: string, question: string, labels: readonly string[]): string[] {
  const [lower, asked] = [text.toLowerCase(), question.toLowerCase()]
  return labels
    .map((label) => label.toLowerCase())
    .filter((label) => lower.includes(label) && !asked.includes(label))
    .sort((one, other) => lower.indexOf(one) - lower.indexOf(other))
}

/**
 * Whether the answer, and no other label, stands in the first sentence of what was said; labels that the question names do
 * not count. Labels are looked for as characters, so that "no" stands in "not". Kuratov et al. 2024, BABILong, arXiv
 * 2406.10149, as its authors' program has it.
 */
export function labelSaid(said: string, target: string, question: string, labels: readonly string[]): boolean {
  const [first = ''] = said.toLowerCase().split(/\.|<context>|<example>/, 1)
  const named = labelsIn(first, question, labels)
  return named.length === 1 && named[0] === target.toLowerCase()
}
