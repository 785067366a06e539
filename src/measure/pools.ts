import type { Pool } from './contract.ts'

export const separator = '\n'

/** All units of a pool in order, as `Question.gold` counts them. */
export const unitsOf = (pool: Pool): string[] =>
  pool.documents.flatMap((document) => document.units.map((unit) => unit.text))

/** A document's text, its units joined by a line feed, with the half-open range of each. */
export function joined(units: readonly { readonly text: string }[]): {
  readonly text: string
  readonly ranges: readonly (readonly [number, number])[]
} {
  let at = 0
  const ranges = units.map((unit) => {
    const range = [at, at + unit.text.length] as const
    at = range[1] + separator.length
    return range
  })
  return { text: units.map((unit) => unit.text).join(separator), ranges }
}

/** A pool of one document. */
export const pool = (cell: string, texts: readonly string[], questions: Pool['questions']): Pool => ({
  cell,
  documents: [{ name: cell, units: texts.map((text) => ({ text })) }],
  questions,
})
