import type { Range } from './ranges.ts'

/** For each name of the file, the first and the last place that defines or imports it. */
export type Names = Map<string, { first: number; last: number }>

interface Unit extends Range {
  uses?: readonly string[]
}

const anyWord = '[A-Za-z_$\\u0080-\\uffff][\\w$\\u0080-\\uffff]*'
const most = 64

export interface Vocabulary {
  readonly names: Names
  /** Places where a unit is named: no uses. */
  readonly namings: ReadonlySet<number>
  /** Comments and strings, in which words are no uses. */
  readonly quiet: readonly Range[]
  /** Source of a regular expression for one word; letters, digits, `_` and `$` when undefined. */
  readonly word: string | undefined
}

/** Sets on each unit the names used in it that are defined or imported outside it, sorted, at most 64. Units stand in pre-order. */
export function addUses(text: string, units: readonly Unit[], vocabulary: Vocabulary): void {
  const { names, namings, quiet, word } = vocabulary
  if (names.size === 0) return
  const words = new RegExp(word ?? anyWord, 'g')
  const used: (Set<string> | undefined)[] = []
  const open: number[] = []
  let nextUnit = 0
  let nextQuiet = 0
  for (let match = words.exec(text); match; match = words.exec(text)) {
    const at = match.index
    while (nextQuiet < quiet.length && quiet[nextQuiet]!.end <= at) nextQuiet++
    const silent = quiet[nextQuiet]
    if (silent && silent.start <= at) {
      words.lastIndex = silent.end
      continue
    }
    const name = match[0]
    const places = names.get(name)
    if (!places || namings.has(at)) continue
    while (nextUnit < units.length && units[nextUnit]!.start <= at) {
      while (open.length > 0 && units[open.at(-1)!]!.end <= units[nextUnit]!.start) open.pop()
      open.push(nextUnit++)
    }
    while (open.length > 0 && units[open.at(-1)!]!.end <= at) open.pop()
    for (const index of open) {
      const { start, end } = units[index]!
      if (places.first >= start && places.last < end) continue
      let set = used[index]
      if (!set) used[index] = set = new Set()
      if (set.size < most) set.add(name)
    }
  }
  for (const [index, set] of used.entries()) if (set) units[index]!.uses = [...set].sort()
}
