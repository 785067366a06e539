import { attribute } from '../../adapters/xml.ts'
import type { OfficePackage } from '../../ooxml.ts'

interface Level {
  format: string
  text: string
  start: number
}

/** Gives the labels of a document's numbered paragraphs, in their order. */
export interface Numbering {
  /** The label (`2.1`, `b)`, `-` for a bullet), or an empty string where none is shown. */
  label(list: string, depth: number): string
}

/** Reads `numbering.xml`; counters are kept per abstract list, as Word does. */
export function readNumbering(office: OfficePackage, part: string): Numbering {
  const abstracts = new Map<string, Map<number, Level>>()
  const lists = new Map<string, { abstract: string; starts: Map<number, number> }>()
  let levels: Map<number, Level> | undefined
  let level: Level | undefined
  let list: { abstract: string; starts: Map<number, number> } | undefined
  let override = 0
  office.parse(part, {
    open(name, attributes) {
      const value = attribute(attributes, 'val')
      if (name === 'abstractNum') {
        levels = new Map()
        abstracts.set(attribute(attributes, 'abstractNumId') ?? '', levels)
      } else if (name === 'num') {
        list = { abstract: '', starts: new Map() }
        lists.set(attribute(attributes, 'numId') ?? '', list)
      } else if (name === 'lvl' && levels) {
        level = { format: 'decimal', text: '', start: 1 }
        levels.set(Number(attribute(attributes, 'ilvl') ?? 0), level)
      } else if (name === 'lvlOverride') override = Number(attribute(attributes, 'ilvl') ?? 0)
      else if (value === undefined) return
      else if (name === 'abstractNumId' && list) list.abstract = value
      else if (name === 'startOverride') list?.starts.set(override, Number(value))
      else if (name === 'numFmt' && level) level.format = value
      else if (name === 'lvlText' && level) level.text = value
      else if (name === 'start' && level) level.start = Number(value)
    },
    close(name) {
      if (name === 'abstractNum') levels = undefined
      else if (name === 'num') list = undefined
      else if (name === 'lvl') level = undefined
    },
  })
  const counters = new Map<string, number[]>()
  const started = new Set<string>()
  return {
    label(id, depth) {
      const found = lists.get(id)
      const shape = found && abstracts.get(found.abstract)
      const own = shape?.get(depth)
      if (!found || !shape || !own) return ''
      const counts = counters.get(found.abstract) ?? []
      counters.set(found.abstract, counts)
      const restart = `${id} ${depth}`
      if (found.starts.has(depth) && !started.has(restart)) counts[depth] = found.starts.get(depth)!
      else counts[depth] = counts[depth] === undefined ? own.start : counts[depth] + 1
      started.add(restart)
      counts.length = depth + 1
      if (own.format === 'bullet') return '-'
      if (own.format === 'none') return ''
      return own.text.replace(/%([1-9])/g, (_, digit: string) => {
        const at = Number(digit) - 1
        const format = shape.get(at)?.format ?? 'decimal'
        return formatNumber(counts[at] ?? shape.get(at)?.start ?? 1, format)
      })
    },
  }
}

const romans: readonly (readonly [number, string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
]

function roman(value: number): string {
  let rest = value
  let text = ''
  for (const [size, letters] of romans)
    while (rest >= size && text.length < 64) {
      text += letters
      rest -= size
    }
  return text
}

function formatNumber(value: number, format: string): string {
  if (value < 1 || value > 100_000) return String(value)
  if (format === 'lowerRoman') return roman(value)
  if (format === 'upperRoman') return roman(value).toUpperCase()
  if (format !== 'lowerLetter' && format !== 'upperLetter') return String(value)
  const letter = String.fromCharCode(97 + ((value - 1) % 26)).repeat(Math.min(8, Math.ceil(value / 26)))
  return format === 'upperLetter' ? letter.toUpperCase() : letter
}
