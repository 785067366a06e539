import type { Compressor, CompressorMeta, UnitCompressor } from '../contract.ts'
import { atGrain, cutAt } from '../grain.ts'
import { bm25, scaled } from '../lexical.ts'
import type { Part } from '../units.ts'

export const meta = {
  name: 'logs',
  summary: 'Log records: of each template the first, then the outliers; what repeats goes first.',
  needs: [],
} as const satisfies CompressorMeta

/** What differs between records of one kind: times, numbers, addresses, ids, quoted words, paths. */
const variable =
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b0x[0-9a-f]+\b|\b[0-9a-f]{12,}\b|"[^"]*"|'[^']*'|(?:\/[\w.-]+){2,}|[\p{L}_-]*\d[\p{L}\d_.:,/-]*/giu
const severe =
  /\b(fatal|panic|critical|severe|emerg(?:ency)?|error|exception|fail(?:ed|ure)?|traceback|refused|denied|timed? ?out|corrupt)\b/i
const warning = /\b(warn(?:ing)?|retry(?:ing)?|deprecated|slow)\b/i
/** Lines that go on with the record above: indented ones, and frames of a trace. */
const goesOn = /^(?:[ \t]+\S|\s*at |Caused by:|\.{3} \d+ more|\s*$)/
/** Lines of one record, at most. */
const longestRecord = 40

/** Records: a line with those that go on with it. */
function cutRecords(part: Part): Part[] {
  const cuts: number[] = []
  let lines = 0
  for (let at = part.text.indexOf('\n'); at !== -1 && at + 1 < part.text.length; at = part.text.indexOf('\n', at + 1)) {
    lines++
    if (goesOn.test(part.text.slice(at + 1, at + 60).split('\n')[0]!) && lines < longestRecord) continue
    cuts.push(at + 1)
    lines = 0
  }
  return cutAt(part, cuts)
}

/** The template of a record: its first line with what differs taken out. */
const templateOf = (text: string): string => text.split('\n', 1)[0]!.replace(variable, '<>').replace(/\s+/g, ' ').trim()

/** The rarer the template the better; its first record before its others; failures and what the question names before all. */
const byOutlier: UnitCompressor = {
  grain: 'sentence',
  async score(units, context) {
    const texts = units.map(({ text }) => text)
    const templates = texts.map(templateOf)
    const counts = new Map<string, number>()
    for (const template of templates) counts.set(template, (counts.get(template) ?? 0) + 1)
    const asked = context.query ? scaled(bm25(texts, context.query, context)) : undefined
    const seen = new Map<string, number>()
    return Float64Array.from(texts, (text, index) => {
      const template = templates[index]!
      const before = seen.get(template) ?? 0
      seen.set(template, before + 1)
      const rare = Math.log(texts.length / counts.get(template)!) / Math.log(texts.length + 1)
      const first = before === 0 ? 1 : 1 / (2 + before)
      const bad = severe.test(text) ? 0.6 : warning.test(text) ? 0.2 : 0
      return first + rare + bad * (0.3 + 0.7 * first) + 1.5 * (asked?.[index] ?? 0)
    })
  },
}

/** Records by template, as log parsers make them; a template is a first line without its numbers, ids, paths and quoted words. */
const logs: Compressor = atGrain(byOutlier, cutRecords)
export default logs
