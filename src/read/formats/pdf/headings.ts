import { type Block, type Body, blockText } from './blocks.ts'
import { type HeadingNumber, headingNumber, NumberSequence } from './numbering.ts'

/** A heading and the block that it stands in. */
export interface Heading {
  /** Index of its first block. */
  readonly block: number
  /** Blocks that it takes: 2 when `Chapter 1` and its title stand apart. */
  readonly blocks: number
  readonly title: string
  /** 1 for the outermost. */
  readonly level: number
}

interface Candidate {
  readonly index: number
  blocks: number
  text: string
  readonly number?: HeadingNumber
  readonly block: Block
  readonly capitals: boolean
  readonly centred: boolean
  score: number
}

const knownNames =
  /^(abstract|summary|executive summary|introduction|background|related works?|preface|foreword|prologue|epilogue|contents|table of contents|methods?|methodology|materials and methods|results?|results and discussion|discussion|conclusions?|concluding remarks|acknowledge?ments?|references|bibliography|works cited|index|glossary|appendix|appendices|notes|about the authors?|authors?['’]? addresses|further reading|zusammenfassung|einleitung|literatur|inhalt|résumé|conclusión|introducción|摘要|引言|结论|參考文獻|参考文献)[.:]?$/i
const caption =
  /^(figure|fig\.|table|listing|algorithm|abb\.|abbildung|tabelle|tableau|图|圖|表|code|plate|chart|box|equation)\s*[\dIVX]/i
const leaders = /(\.\s?){4,}|…{2,}|\t\s*(\d{1,4}|[ivxlc]{1,6})$|\s\.{3,}\s*\d+$/
const bulletStart = /^[•◦▪▫●○■□‣⁃*·\uf0b7–—-]\s/
const quoteStart = /^["“«„»‹「『]/
const threshold = 3

/** Runs of five words in the body, as hashes: a block whose words all stand in the body too is a pull quote. */
class Shingles {
  readonly #hashes = new Set<number>()

  add(text: string): void {
    for (const hash of shingles(text)) this.#hashes.add(hash)
  }

  /** Share of the text's runs that the body has. */
  share(text: string): number {
    let all = 0
    let found = 0
    for (const hash of shingles(text)) {
      all++
      if (this.#hashes.has(hash)) found++
    }
    return all === 0 ? 0 : found / all
  }
}

function* shingles(text: string): Iterable<number> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  for (let at = 0; at + 5 <= words.length; at++) {
    let hash = 0
    for (let word = at; word < at + 5; word++)
      for (let letter = 0; letter < words[word]!.length; letter++)
        hash = (Math.imul(hash, 31) + words[word]!.charCodeAt(letter)) | 0
    yield hash
  }
}

/** Style that headings of one level share. */
const styleOf = ({ block, capitals }: Pick<Candidate, 'block' | 'capitals'>): string =>
  `${block.size} ${block.bold ? 'b' : ''}${block.italic ? 'i' : ''}${capitals ? 'c' : ''}`

/**
 * The headings of a document, from the order of its blocks, their fonts and their numbers, in time linear in the blocks.
 */
export function findHeadings(blocks: readonly Block[], body: Body, words: ReadonlySet<string>): Heading[] {
  const texts = blocks.map((block) => (isShort(block) ? blockText(block, words) : ''))
  const body5 = new Shingles()
  const shapes = new Map<string, { headings: number; all: number }>()
  for (const [index, block] of blocks.entries()) {
    if (block.size <= body.size * 1.04 && !isShort(block)) body5.add(blockText(block, words))
    const style = `${block.size} ${block.bold} ${block.italic}`
    const shape = shapes.get(style) ?? { headings: 0, all: 0 }
    shapes.set(style, shape)
    shape.all++
    if (texts[index] && !/[.,;]["”’)]?$/.test(texts[index]) && texts[index].length < 120) shape.headings++
  }
  const entries = contentsEntries(blocks, texts)
  const candidates: Candidate[] = []
  for (const [index, block] of blocks.entries()) {
    const text = texts[index]!
    if (text === '' || entries.has(index)) continue
    const candidate = makeCandidate(block, index, text)
    candidate.score = score(candidate, blocks, texts, body, shapes, body5)
    candidates.push(candidate)
  }
  return nest(accept(candidates, blocks, body), body)
}

/** Blocks that end with a number, as those near them do: the entries of a table of contents or of an index. */
function contentsEntries(blocks: readonly Block[], texts: readonly string[]): Set<number> {
  const pageOf = (index: number): number => {
    const raw = texts[index] ? blocks[index]!.lines.at(-1)!.text : ''
    const match = /(?:\t|\s|\.)(\d{1,4})$/.exec(raw)
    return match && /\p{L}/u.test(raw) ? Number(match[1]) : -1
  }
  const entries = new Set<number>()
  const most = (blocks.at(-1)?.page ?? 0) * 1.5 + 40
  let last = -1
  let lastPage = -1
  for (let index = 0; index < blocks.length; index++) {
    const page = pageOf(index)
    if (page === -1 || page > most) continue
    if (last !== -1 && index - last <= 2 && page >= lastPage && page - lastPage < 200) {
      entries.add(last)
      entries.add(index)
    }
    last = index
    lastPage = page
  }
  return entries
}

function isShort(block: Block): boolean {
  if (block.lines.length > 4) return false
  let length = 0
  for (const { text } of block.lines) length += text.length
  return length <= 220
}

function makeCandidate(block: Block, index: number, text: string): Candidate {
  const number = headingNumber(text)
  const letters = text.replace(/[^\p{L}]/gu, '')
  const capitals = letters.length >= 4 && letters === letters.toUpperCase() && letters !== letters.toLowerCase()
  const [left, right] = block.lines[0]!.column
  const centre = Math.abs((block.lines[0]!.left + block.lines[0]!.right) / 2 - (left + right) / 2)
  const centred = centre < block.size && block.lines[0]!.left - left > block.size * 2
  return { index, blocks: 1, text, block, capitals, centred, score: 0, ...(number ? { number } : {}) }
}

function score(
  candidate: Candidate,
  blocks: readonly Block[],
  texts: readonly string[],
  body: Body,
  shapes: ReadonlyMap<string, { headings: number; all: number }>,
  body5: Shingles,
): number {
  const { block, text, number, capitals, index } = candidate
  if (!/\p{L}{2}/u.test(text) && !number) return -10
  if (caption.test(text) || leaders.test(block.lines.at(-1)!.text) || bulletStart.test(text) || quoteStart.test(text))
    return -10
  if (block.kept && !number && block.lines.some((line) => line.text.includes('\t'))) return -10
  const ratio = block.size / body.size
  const count = text.split(/\s+/).length
  let points = 0
  if (ratio >= 1.4) points += 3.2
  else if (ratio >= 1.15) points += 2.8
  else if (ratio >= 1.06) points += 1.8
  else if (ratio < 0.94) points -= 2
  if (block.bold && !body.bold) points += 2.2
  else if (block.italic && !body.italic) points += 0.9
  if (capitals) points += 1.2
  if (candidate.centred && ratio > 0.94) points += 0.8
  if (knownNames.test(text)) points += 2.6
  if (number) points += number.kind === 'number' ? (number.depth > 1 ? 2.2 : 1.6) : 2.6
  if (block.above > body.pitch * 1.35) points += 0.6
  const next = blocks[index + 1]
  const nextText = texts[index + 1] ?? ''
  if (next && nextText === '' && next.size <= block.size) points += 0.7
  else if (!next) points -= 2
  // A heading has no larger one right behind it; the names of authors have.
  if (nextText !== '' && next!.size > block.size * 1.04 && !(number && number.title === '')) points -= 2
  const title = number?.title ?? text
  if (/[.。]["”’)]?$/.test(title) && !/\b(etc|inc|ltd|jr|co)\.$/i.test(title))
    points -= block.bold && count < 12 ? 1.5 : 2.6
  if (/[,;،、]$/.test(text)) points -= 4
  if (/:$/.test(text)) points -= 1.2
  if (/^\p{Ll}/u.test(title) && !(number && number.depth > 1)) points -= 2
  if (count > 14) points -= 1.5
  if (count > 24) points -= 3
  if (body5.share(title) >= 0.6 && !number) points -= 4.5
  const shape = shapes.get(`${block.size} ${block.bold} ${block.italic}`)!
  if (shape.headings < shape.all * 0.4 && !number && !knownNames.test(text)) points -= 1
  if (number && plainList(candidate, blocks, texts, body)) points -= 3
  return points
}

/** A numbered block among others, in the body's own font, is the item of a list. */
function plainList(
  { block, number, index }: Candidate,
  blocks: readonly Block[],
  texts: readonly string[],
  body: Body,
): boolean {
  if (block.size > body.size * 1.05 || (block.bold && !body.bold) || number!.kind !== 'number' || number!.depth > 1)
    return false
  for (const near of [index - 1, index + 1]) {
    const other = blocks[near] ? headingNumber(texts[near] || blocks[near]!.lines[0]!.text) : undefined
    if (other?.style === number!.style && other.depth === 1 && Math.abs(other.path[0]! - number!.path[0]!) === 1)
      return true
  }
  return false
}

/** Candidates that are headings; `Chapter 1` takes the title that follows it. */
function accept(candidates: readonly Candidate[], blocks: readonly Block[], body: Body): Candidate[] {
  const accepted: Candidate[] = []
  const sequence = new NumberSequence()
  let skip = -1
  for (const [position, candidate] of candidates.entries()) {
    const { number, index, block } = candidate
    if (index === skip) continue
    let { score: points } = candidate
    if (number && points > 0) points += sequence.fits(number) ? 0.8 : -1.2
    const follower = candidates[position + 1]
    const bare = number !== undefined && number.title === '' && number.kind !== 'number'
    if (bare && points > 0 && follower?.index === index + 1 && !follower.number && follower.score > 1) {
      if (follower.block.size >= block.size * 0.9 && follower.block.size > body.size * 1.04) {
        candidate.text = `${candidate.text} ${follower.text}`
        candidate.blocks = 2
        skip = follower.index
        points += 1
      }
    }
    if (points < threshold) continue
    const last = accepted.at(-1)
    if (last && joins(last, candidate, blocks)) {
      last.text = `${last.text} ${candidate.text}`
      last.blocks++
      continue
    }
    if (number) sequence.take(number)
    accepted.push(candidate)
  }
  return accepted
}

/** Two blocks of one style in one column, close together, are one heading in two lines. */
function joins(last: Candidate, candidate: Candidate, blocks: readonly Block[]): boolean {
  return (
    last.index + last.blocks === candidate.index &&
    !candidate.number &&
    last.blocks < 3 &&
    styleOf(last) === styleOf(candidate) &&
    blocks[candidate.index]!.above < 1.6 &&
    last.block.size > 0
  )
}

interface Rank {
  /** Larger stands further out. */
  readonly size: number
  readonly weight: number
  readonly number?: number
  readonly first: number
  readonly key: string
}

/** Gives each heading its level: numbers by their depth, others by their style among the numbered ones. */
function nest(headings: readonly Candidate[], body: Body): Heading[] {
  const romans = headings.some(({ number }) => number?.style === 'roman' && number.kind === 'number')
  const chapters = headings.some(({ number }) => number?.kind === 'chapter')
  const order = (number: HeadingNumber): number => {
    if (number.kind === 'part') return 0
    if (number.kind === 'chapter') return 1
    if (romans && number.style === 'letter') return 3
    if (chapters && number.depth === 1) return 2
    return number.depth + (romans && number.style === 'decimal' && number.depth === 1 ? 2 : 1)
  }
  // Headings without a number that share the style of numbered ones stand on the level of the outermost of them.
  const outermost = new Map<string, number>()
  for (const candidate of headings) {
    if (!candidate.number) continue
    const style = styleOf(candidate)
    outermost.set(style, Math.min(outermost.get(style) ?? 99, order(candidate.number)))
  }
  const ranks = new Map<string, Rank>()
  const keys = headings.map((candidate) => {
    const { block, capitals, index } = candidate
    const number = candidate.number ? order(candidate.number) : outermost.get(styleOf(candidate))
    const key = number === undefined ? styleOf(candidate) : `number ${number}`
    const weight = (block.bold ? 2 : 0) + (capitals ? 1 : 0) + (block.italic ? -1 : 0)
    const known = ranks.get(key)
    if (!known)
      ranks.set(key, { size: block.size, weight, first: index, key, ...(number === undefined ? {} : { number }) })
    else if (block.size > known.size) ranks.set(key, { ...known, size: block.size, weight })
    return key
  })
  const levels = new Map(sortRanks([...ranks.values()], body).map(({ key }, index) => [key, index + 1]))
  return headings.map(({ index, blocks, text }, at) => ({
    block: index,
    blocks,
    title: text,
    level: levels.get(keys[at]!)!,
  }))
}

/** Numbered ranks keep the order of their numbers; the others go in by size, weight and first use. */
function sortRanks(ranks: readonly Rank[], body: Body): Rank[] {
  const sorted = ranks.filter(({ number }) => number !== undefined).sort((one, two) => one.number! - two.number!)
  const styles = ranks
    .filter(({ number }) => number === undefined)
    .sort((one, two) => two.size - one.size || two.weight - one.weight || one.first - two.first)
  let from = 0
  for (const style of styles) {
    let at = from
    while (at < sorted.length && !outranks(style, sorted[at]!, body)) at++
    sorted.splice(at, 0, style)
    from = at + 1
  }
  return sorted
}

function outranks(style: Rank, other: Rank, body: Body): boolean {
  if (Math.abs(style.size - other.size) > 0.04 * body.size) return style.size > other.size
  return style.weight > other.weight
}
