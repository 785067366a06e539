import { waterFill } from '../allocate.ts'
import { knapsack } from '../allocate-knapsack.ts'
import type { CompressContext, Compressor, CompressorMeta, Piece } from '../contract.ts'
import { foundWorth } from '../found.ts'
import { cutAt, cutLines } from '../grain.ts'
import { bm25, scaled } from '../lexical.ts'
import { type CodeUnit, eachIdentifier, programOf } from '../program.ts'
import { charactersPerToken } from '../shares.ts'
import { logProbabilitiesOf, meanSurprise } from '../surprise.ts'
import type { Part } from '../units.ts'

export const meta = {
  name: 'code',
  summary: 'Functions by the question, then their blocks; signatures of what goes, and what the kept code needs, stay.',
  needs: ['query'],
  uses: ['outline', 'logprobs'],
  takes: 'source',
  paper: 'LongCodeZip: Compress Long Context for Code Language Models, arXiv 2510.00446',
} as const satisfies CompressorMeta

/** Share of the budget for signatures of functions whose body goes; lines of a function that is never cut. */
const [forSignatures, shortFunction] = [0.2, 6]
/** Functions that are looked into, times what there is room for. */
const coarse = 3
/** Weight of what was found in a unit, beside its own words. */
const forFound = 0.5
/** Definitions and functions up to this length (UTF-16 units) come whole with the code that uses them, longer ones by their signature. */
const smallUnit: Readonly<Record<CodeUnit['kind'], number>> = {
  import: 400,
  definition: 400,
  function: 240,
  class: 0,
  other: 0,
}

interface Unit extends CodeUnit {
  readonly passage: number
}
type Draft = { -readonly [Key in keyof Piece]: Piece[Key] } & { needs: number[] }

/** Blocks of a body: cut at blank lines, and at lines less expected than those around (with log-probabilities). */
async function blocksOf({ part, head }: Unit, { logProbabilities, abortSignal }: CompressContext): Promise<Part[]> {
  const from = head.span.end - part.span.start
  const lines = cutLines(part).filter(({ span }) => span.start >= head.span.end)
  if (lines.length <= shortFunction) return cutAt(part, [from]).slice(from > 0 ? 1 : 0)
  const nats: number[] = []
  for (const { text } of logProbabilities ? lines : [])
    nats.push(await meanSurprise(text, '', logProbabilities!, abortSignal))
  const cuts = lines.flatMap(({ span }, at) => {
    const blank = at > 0 && lines[at - 1]!.text.trim() === ''
    const peak = at > 1 && nats[at]! > nats[at - 1]! * 1.5 && nats[at]! > (nats[at + 1] ?? 0)
    return blank || peak ? [span.start - part.span.start] : []
  })
  return cutAt(part, [from, ...cuts]).slice(from > 0 ? 1 : 0)
}

/** How much each unit has to say to the question: by how much likelier it makes it, or by BM25 where no model is given. */
async function relevanceOf(units: readonly Unit[], context: CompressContext): Promise<Float64Array> {
  const { query = '', logProbabilities, abortSignal } = context
  const lexical = scaled(
    bm25(
      units.map(({ part, names }) => (names.length > 0 ? [names.join(' '), part.text] : part.text)),
      query,
      context,
    ),
  )
  if (!logProbabilities || query === '') return lexical
  const model = logProbabilitiesOf(context, [])
  const gains: number[] = []
  for (const { part } of units) gains.push(-(await meanSurprise(query, part.text, model, abortSignal)))
  return scaled(gains)
}

/**
 * Shi and others 2025: functions by how likely they make the question, then a knapsack over the blocks of each within its part
 * of the budget. Ours adds what kept code needs: its class's opening, imports and short definitions by the names it uses. What
 * was left out is in the pack's `dropped`; no marks are put into the text.
 */
const code: Compressor = {
  reranks: true,
  async cut(passages, context) {
    const { query = '', budget, counter, outline, abortSignal } = context
    const units: Unit[] = []
    const pieces: Draft[] = []
    for (const [passage, { parts, passage: own }] of passages.entries()) {
      if (own.derived !== undefined) pieces.push({ passage, score: 0.5, needs: [] })
      for (const part of parts) {
        abortSignal?.throwIfAborted()
        const nodes = outline ? await outline(part.span.source, abortSignal) : []
        const base = units.length
        for (const unit of programOf(part, nodes))
          units.push({ ...unit, passage, ...(unit.inside === undefined ? {} : { inside: unit.inside + base }) })
      }
    }
    const worth = foundWorth(
      units.map(({ part }) => part.span),
      context,
    )
    const relevance = (await relevanceOf(units, context)).map((own, unit) => own + forFound * worth[unit]!)
    const room =
      budget *
      charactersPerToken(
        units.map(({ part }) => part.text),
        counter,
      )
    // Coarse: the best functions, as many as are some times what there is room for. Fine: each gets its share of the room.
    const ranked = [...units.keys()].sort((a, b) => relevance[b]! - relevance[a]! || a - b)
    const chosen = new Set<number>()
    let size = 0
    for (const unit of ranked) {
      if (size >= coarse * room) break
      if (units[unit]!.kind === 'import') continue
      chosen.add(unit)
      size += units[unit]!.part.text.length
    }
    const shares = waterFill(
      units.map(({ part }, index) => ({
        relevance: chosen.has(index) ? relevance[index]! ** 2 : 0,
        size: part.text.length,
      })),
      room,
    )
    const heads: number[] = []
    const wholes: number[][] = []
    const blocks: { readonly piece: number; readonly unit: number; readonly text: string }[] = []
    for (const [index, unit] of units.entries()) {
      const { passage, part, head, kind } = unit
      const only = kind === 'import' || kind === 'other' || head.span.end >= part.span.end
      heads.push(pieces.length)
      pieces.push({
        passage,
        spans: [only ? part.span : head.span],
        score: Number.NEGATIVE_INFINITY,
        needs: unit.inside === undefined ? [] : [heads[unit.inside]!],
      })
      wholes.push([heads[index]!])
      if (only) {
        if (kind !== 'import') blocks.push({ piece: heads[index]!, unit: index, text: part.text })
        continue
      }
      for (const { span, text } of await blocksOf(unit, context)) {
        wholes[index]!.push(pieces.length)
        blocks.push({ piece: pieces.length, unit: index, text })
        pieces.push({ passage, spans: [span], score: 0, needs: [heads[index]!] })
      }
    }
    pullIn(units, blocks, heads, wholes, pieces)
    const own = scaled(
      bm25(
        blocks.map(({ text }) => text),
        query,
        context,
      ),
    )
    const byUnit = Map.groupBy(blocks.keys(), (block) => blocks[block]!.unit)
    for (const [unit, list] of byUnit) {
      const worth = relevance[unit]!
      const items = list.map((block) => ({ value: 0.05 + worth + own[block]!, size: blocks[block]!.text.length }))
      const packed = new Set(knapsack(items, Math.max(shares[unit]!, 0)))
      for (const [at, block] of list.entries())
        pieces[blocks[block]!.piece]!.score =
          packed.has(at) && worth > 0 ? 2 + worth + 0.1 * own[block]! : 0.2 * worth + 0.2 * own[block]!
    }
    let left = forSignatures * room
    for (const unit of ranked) {
      const { kind, head } = units[unit]!
      if ((kind !== 'function' && kind !== 'class') || wholes[unit]!.length === 1) continue
      left -= head.text.length
      pieces[heads[unit]!]!.score = left > 0 ? 1.9 : 0.1 * relevance[unit]!
    }
    return pieces
  },
}

/** Blocks need the units whose names they use, in the same source or by import. */
function pullIn(
  units: readonly Unit[],
  blocks: readonly { readonly piece: number; readonly unit: number; readonly text: string }[],
  heads: readonly number[],
  wholes: readonly (readonly number[])[],
  pieces: readonly Draft[],
): void {
  const named = new Map<string, { readonly units: number[]; last: number }>()
  units.forEach(({ names }, unit) => {
    for (const name of names) {
      const known = named.get(name)
      if (known) known.units.push(unit)
      else named.set(name, { units: [unit], last: -1 })
    }
  })
  if (named.size === 0) return
  for (const { piece, unit, text } of blocks) {
    const { source } = units[unit]!.part.span
    eachIdentifier(text, (name) => {
      const known = named.get(name)
      if (!known || known.last === piece) return
      known.last = piece
      for (const other of known.units) {
        const { kind, part } = units[other]!
        const near = part.span.source === source
        if (other === unit || (!near && (kind === 'import' || kind === 'class' || known.units.length > 1))) continue
        const whole = part.text.length <= smallUnit[kind]
        for (const need of whole ? wholes[other]! : [heads[other]!]) if (need !== piece) pieces[piece]!.needs.push(need)
      }
    })
  }
}

export default code
