import { sentences } from '../core/index.ts'

/** A criterion of CELLO as published: its kind, and a number, a list or a word. */
export interface Criterion {
  readonly criterion: string
  readonly limit: unknown
}
export interface Heard {
  readonly said: string
  readonly input: string
  /** `ch` or `eg`, as published. */
  readonly language: string
  /** The last answer of the round before. */
  readonly before?: string | undefined
}

const mean = (scores: readonly (number | undefined)[]): number | undefined => {
  const given = scores.filter((score) => score !== undefined)
  return given.length === 0 ? undefined : given.reduce((sum, score) => sum + score, 0) / given.length
}
const limitOf = (criteria: readonly Criterion[], prefix: string): Criterion | undefined =>
  criteria.find(({ criterion }) => criterion.startsWith(prefix))

/** A number of words or sentences against a limit: above or below it the share that is right. */
function against(count: number, { criterion, limit }: Criterion): number {
  const [low, high] = Array.isArray(limit) ? (limit as number[]) : [Number(limit), Number(limit)]
  if (criterion.endsWith('-min-max')) return low! <= count && count <= high! ? 1 : 0
  if (criterion.endsWith('-max')) return count <= low! ? 1 : low! / count
  if (criterion.endsWith('-min')) return count >= low! ? 1 : count / low!
  return count === low ? 1 : 0
}

const words = ({ said, language }: Heard): number =>
  language === 'ch'
    ? (said.match(/[\u4e00-\u9fa5]/g) ?? []).length
    : said.split(/\s+/).filter((word) => /[A-Za-z0-9]/.test(word)).length

/** Samples: marks that occur often enough, rows of a table, or numbering that ends at the number asked. */
function samples({ said }: Heard, { criterion, limit }: Criterion): number {
  if (criterion === 'sample-min') {
    const marks = limit as (readonly [mark: string, times: number])[]
    return marks.filter(([mark, times]) => said.split(mark).length - 1 >= times).length / marks.length
  }
  if (criterion === 'sample-table') {
    const table = said.slice(said.indexOf('|'), said.lastIndexOf('|') + 1)
    return said.includes('|') && table.split('\n').length - 1 === Number(limit) + 1 ? 1 : 0
  }
  const numbers = (said.match(/\d+/g) ?? []).map(Number)
  return Math.max(-1, ...numbers) === Number(limit) ? 1 : 0
}

/** Count limit: words, sentences, samples, and longer or shorter than before, the mean of those asked. */
export function countScore(heard: Heard, criteria: readonly Criterion[]): number | undefined {
  const word = limitOf(criteria, 'word-')
  const sentence = limitOf(criteria, 'sentence-')
  const listed = criteria.filter(({ criterion }) => criterion.startsWith('sample-'))
  const revise = limitOf(criteria, 'revise')
  const told = sentences(heard.said).filter(([start, end]) => heard.said.slice(start, end).trim() !== '').length
  return mean([
    word && against(words(heard), word),
    sentence && against(told, sentence),
    listed.length > 0 ? Math.max(...listed.map((one) => samples(heard, one))) : undefined,
    revise && heard.before !== undefined
      ? Number(
          revise.limit === 'longer'
            ? heard.said.length >= heard.before.length
            : heard.said.length <= heard.before.length,
        )
      : undefined,
  ])
}

const keywords = ({ said }: Heard, criteria: readonly Criterion[]): number | undefined => {
  const limit = limitOf(criteria, 'keywords')?.limit
  if (!Array.isArray(limit) || limit.length === 0) return undefined
  return limit.filter((keyword) => said.includes(String(keyword))).length / limit.length
}

/** Whether a text reads as a value of JSON, in Python's spelling too, or as a tuple, as XML or as YAML. */
function reads(said: string, form: string): boolean {
  const text = said
    .trim()
    .replace(/^```\w*\n([\s\S]*?)```$/, '$1')
    .trim()
  if (form === 'xml') return balanced(text)
  if (form === 'yaml') return text !== '' && !/^\t/m.test(text)
  const value = literal(form === 'tuple' ? text.replace(/^\(/, '[').replace(/\)$/, ']') : text)
  if (form === 'tuple')
    return /^\([\s\S]*\)$/.test(text) && (value === undefined ? /,/.test(text) : Array.isArray(value))
  if (form === 'list') return Array.isArray(value)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
function literal(text: string): unknown {
  const python = text
    .replace(/\bTrue\b/g, 'true')
    .replace(/\bFalse\b/g, 'false')
    .replace(/\bNone\b/g, 'null')
    .replace(/'((?:[^'\\]|\\.)*)'/g, (_, inner: string) => JSON.stringify(inner.replace(/\\'/g, "'")))
    .replace(/,\s*([\]}])/g, '$1')
  for (const candidate of [text, python])
    try {
      return JSON.parse(candidate)
    } catch {}
  return undefined
}
function balanced(text: string): boolean {
  const open: string[] = []
  for (const [, close, name, alone] of text.matchAll(/<(\/?)([A-Za-z_][\w.-]*)[^>]*?(\/?)>/g)) {
    if (close) {
      if (open.pop() !== name) return false
    } else if (!alone) open.push(name!)
  }
  return /^<[\s\S]+>$/.test(text) && open.length === 0
}

/** Answer format: whether it can be parsed, and the signs that it must have. */
export const formatScore = (heard: Heard, criteria: readonly Criterion[]): number | undefined => {
  const form = limitOf(criteria, 'resolve')?.limit
  return mean([form === undefined ? undefined : Number(reads(heard.said, String(form))), keywords(heard, criteria)])
}

export const phraseScore = (heard: Heard, criteria: readonly Criterion[]): number | undefined =>
  keywords(heard, criteria)

/** Keywords of the input, less what was copied: BLEU of the answer against the input, over words (characters of Han). */
export const inputScore = (heard: Heard, criteria: readonly Criterion[]): number | undefined => {
  const share = keywords(heard, criteria)
  return share === undefined ? undefined : share * (1 - (heard.input === '' ? 0 : bleu(heard.said, heard.input)))
}

const tokens = (text: string): string[] => text.match(/[\u3400-\u9fff]|[^\s\u3400-\u9fff]+/g) ?? []

/** BLEU of four lengths with even weights and without smoothing. Papineni et al. 2002. */
export function bleu(said: string, reference: string): number {
  const [heard, known] = [tokens(said), tokens(reference)]
  if (heard.length < 4) return 0
  let sum = 0
  for (let length = 1; length <= 4; length++) {
    const grams = (list: readonly string[]): Map<string, number> => {
      const counts = new Map<string, number>()
      for (let at = 0; at + length <= list.length; at++) {
        const gram = list.slice(at, at + length).join('\u0000')
        counts.set(gram, (counts.get(gram) ?? 0) + 1)
      }
      return counts
    }
    const known_ = grams(known)
    let shared = 0
    for (const [gram, count] of grams(heard)) shared += Math.min(count, known_.get(gram) ?? 0)
    if (shared === 0) return 0
    sum += Math.log(shared / (heard.length - length + 1)) / 4
  }
  return Math.exp(sum + Math.min(0, 1 - known.length / heard.length))
}
