import { linesOf, mostLines, type Unit } from './unit.ts'

const months = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec'
const stamp = new RegExp(
  `^\\W{0,2}(\\d{4}[-/.]\\d\\d[-/.]\\d\\d|\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{2,4}|\\d{1,2}:\\d{2}|(${months})\\w*\\s+\\d{1,2}\\b|\\d{10,13}\\b|(trace|debug|info|notice|warn(ing)?|error|fatal)\\b)`,
  'i',
)

/** Share of the lines of a log that begin with a time or a level: the others go on with the entry above them. */
const stamped = 0.5

export function isLog(text: string): boolean {
  const lines = linesOf(text).filter((line) => line.text.trim() !== '')
  return lines.length > 2 && lines.filter((line) => stamp.test(line.text)).length >= stamped * lines.length
}

/** The entries of a log: a line that begins with a time or a level, and those that go on with it. */
export function logUnits(text: string, at: number): Unit[] {
  const units: { kind: 'block'; start: number; end: number }[] = []
  let lines = 0
  for (const line of linesOf(text)) {
    if (line.text.trim() === '') continue
    const last = units.at(-1)
    if (!last || stamp.test(line.text) || lines >= mostLines) {
      units.push({ kind: 'block', start: at + line.start, end: at + line.end })
      lines = 1
    } else {
      last.end = at + line.end
      lines++
    }
  }
  return units
}
