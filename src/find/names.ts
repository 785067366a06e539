import { type Analyzer, foldAccents } from '../core/index.ts'
import { contentTerms } from './terms.ts'

/** A name as it stands in a text, with its content terms. */
export interface Name {
  readonly text: string
  readonly terms: readonly string[]
}

const word = String.raw`[\p{L}\p{M}\p{N}'’.-]`
const small = `(?:of|the|de|du|la|le|von|van|der|and|&|for|in|on|to|a)`
const capitalised = new RegExp(String.raw`\p{Lu}${word}*(?:\s(?:${small}\s){0,2}(?:\p{Lu}${word}*|\p{N}+))*`, 'gu')
const quoted = /["“«]([^"”»\n]{2,60})["”»]/gu
const mostTerms = 6

/** The names in a text: runs of capitalised words and what stands in quotation marks, each once. */
export function namesIn(analyzer: Analyzer, text: string): Name[] {
  const found = new Map<string, Name>()
  const add = (name: string): void => {
    const terms = contentTerms(analyzer, name).slice(0, mostTerms)
    const key = terms.join(' ')
    if (terms.length > 0 && !found.has(key)) found.set(key, { text: name, terms })
  }
  for (const [run] of text.matchAll(capitalised)) add(run.replace(/[.'’-]+$/u, ''))
  for (const match of text.matchAll(quoted)) add(match[1]!)
  return [...found.values()]
}

const headWord = String.raw`[\p{L}\p{M}\p{N}'’.,&!:()–-]*`
const headSmall = `(?:of|the|de|du|la|le|von|van|der|and|&|for|in|on|to|an?|at|from|with|by)`
const head = new RegExp(
  String.raw`^["“']?\p{Lu}${headWord}(?:\s+(?:${headSmall}\s+){0,3}(?:["“(]?\p{Lu}${headWord}|\(?\p{N}+[)\w–-]*))*`,
  'u',
)
const headUnits = 160

interface Opening {
  readonly name: string
  /** Whether the text says it again at once, as a title before a first sentence about it. */
  readonly again: boolean
}

const bracketed = /^\s*\([^)]{1,60}\)\s*(\S+)/u

/** The name that a text opens with, as encyclopedias and titled sections do, without what stands in brackets. */
function opening(text: string): Opening {
  const run = head.exec(text.slice(0, headUnits))?.[0] ?? ''
  const words = run
    .replace(/\([^)]*\)?/gu, ' ')
    .split(/\s+/u)
    .filter((one) => one !== '')
  const plain = (one: string): string => foldAccents(one.toLowerCase(), 'latin').replace(/[^\p{L}\p{N}]/gu, '')
  const first = plain(words[0] ?? '')
  const again = words.findIndex((one, index) => index > 0 && plain(one) === first)
  const after = bracketed.exec(text.slice(run.length, 2 * headUnits))?.[1]
  return {
    name: (again === -1 ? words : words.slice(0, again)).join(' '),
    again: again !== -1 || (after !== undefined && first !== '' && plain(after) === first),
  }
}

/** The name that a text opens with; a title that the first sentence says again ends where it begins anew. Empty where the text opens with no capital letter. */
export const openingName = (text: string): string => opening(text).name

/** The name that a text opens with and says again; else empty. */
export function openingTitle(text: string): string {
  const { name, again } = opening(text)
  return again ? name : ''
}

const definition =
  /^[^\S\n]*(?:(?:export|default|public|private|protected|static|final|abstract|async|pub|inline|override|virtual)\s+)*(?:def|function|func|fn|class|interface|struct|enum|trait|type|module|sub)\s+([\p{L}_$][\p{L}\p{N}_$]*)/mu

/** Comments that open a text, each by marks that no prose begins with. */
const comments = /^(?:\s*(?:\/\*[\s\S]*?\*\/|\/\/[^\n]*))+/
const docstring = /"""([\s\S]*?)(?:"""|$)|'''([\s\S]*?)(?:'''|$)/
/** What follows the first words of documentation: an empty line, or the list of arguments. */
const documentationEnd = /\n[\s*/]*(?:\n|[:@]\w|(?:Args|Arguments|Parameters|Params|Returns|Raises|Examples?)\b)/
const documentationUnits = 2000

/** The name that a piece of code defines in its first lines, after the comments that open it. */
export function definedName(text: string): string | undefined {
  const from = comments.exec(text.slice(0, documentationUnits))?.[0].length ?? 0
  return definition.exec(text.slice(from, from + 2 * headUnits))?.[1]
}

/** What a piece of code says of itself in words: the first lines of the comment that opens it, or of its docstring; else empty. */
export function documentationOf(text: string): string {
  const first = text.slice(0, documentationUnits)
  const inside = docstring.exec(first)
  const said = comments.exec(first)?.[0] ?? inside?.[1] ?? inside?.[2] ?? ''
  const end = documentationEnd.exec(said)?.index ?? said.length
  const lead = said.slice(0, end)
  return /[\p{L}\p{N}]/u.test(lead) ? lead : said
}
