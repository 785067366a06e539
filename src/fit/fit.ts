import { byStart, FoveaError, type Pack, type Passage, type TokenCounter } from '../core/index.ts'
import { accountFor, tidy } from './account.ts'
import whole from './compressors/whole.ts'
import type { Fit, FitRequest, Renderer } from './contract.ts'
import document from './orderers/document.ts'
import { choosePool, cut, rarityOf, sizeOf, unitsOf } from './pool.ts'
import { plainRenderer } from './render.ts'
import { type Assembled, Selection } from './selection.ts'
import type { Candidate } from './units.ts'

/** Tokens by which joined text may be shorter than its pieces counted alone. */
const slack = 4

/**
 * Passages to a Pack: the best units by the compressor's score that fit, in the orderer's order, counted exactly on the
 * final rendering. Throws `required-too-large`, `budget-invalid`, `orderer-broken`, or the reason of the abort signal.
 */
export const fit: Fit = async (request) => {
  const { budget } = request
  if (!(budget >= 0))
    throw new FoveaError('budget-invalid', `a budget is a number of tokens from 0, not ${budget}; give one`, {
      detail: { budget },
    })
  const packer = new Packer(request)
  await packer.require()
  await packer.choose()
  await packer.verify()
  await packer.fill()
  return packer.finish()
}

class Packer {
  readonly #request: FitRequest
  readonly #renderer: Renderer
  /** Required passages, then the others from the best to the worst. */
  readonly #entries: readonly Passage[]
  readonly #required: number
  readonly #empty: readonly Passage[]
  readonly #selection: Selection
  readonly #ranks = new Map<string, number>()
  readonly #refused = new Set<number>()
  /** Estimated tokens of each choice, in the order of choice. */
  readonly #costs: number[] = []
  readonly #limit: number
  #candidates: Candidate[] = []
  #later: number[] = []
  #assembled: Assembled = { kept: [], text: '', ranges: [] }
  #count = 0
  /** Choices that are required. */
  #fixed = 0
  /** UTF-16 units that may still be counted for the sake of a fuller pack. */
  #effort: number
  #counted = { characters: 40, tokens: 10 }

  constructor(request: FitRequest) {
    const { counter, budget, renderer = plainRenderer, orderer = document, required = [] } = request
    this.#request = request
    this.#renderer = renderer
    this.#limit = largestCount(counter, budget)
    this.#effort = 200_000 + 40 * this.#limit
    const best = (score: number) => (Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score)
    const ranked = request.passages.toSorted((a, b) => compare(best(b.score), best(a.score)))
    const given = [...required, ...ranked].map((passage) => ({ passage, tidied: tidy(passage) }))
    this.#entries = given.flatMap(({ tidied }) => (tidied ? [tidied] : []))
    this.#empty = given.flatMap(({ passage, tidied }) => (tidied ? [] : [passage]))
    this.#required = given.slice(0, required.length).filter(({ tidied }) => tidied).length
    const ranks = this.#ranks
    for (const passage of [...required, ...request.passages])
      for (const { source } of passage.spans) if (!ranks.has(source)) ranks.set(source, ranks.size)
    const label = (passage: Passage) =>
      request.label?.(passage) ??
      Promise.resolve(`${passage.spans[0].source.slice(0, 12)}:${passage.spans[0].start}-${passage.spans.at(-1)!.end}`)
    const context = { sourceRank: (source: string) => ranks.get(source) ?? ranks.size }
    this.#selection = new Selection(this.#entries, renderer, orderer, context, label)
  }

  /** Puts in what must be there, or says what is too large. */
  async require(): Promise<void> {
    const { texts, abortSignal, budget } = this.#request
    for (let entry = 0; entry < this.#required; entry++) {
      const [candidate] = await cut(
        this.#entries[entry]!,
        entry,
        'passage',
        texts,
        Number.POSITIVE_INFINITY,
        abortSignal,
      )
      const rest = this.#selection.rest(candidate!)
      if (rest) this.#push(rest, 0)
    }
    this.#fixed = this.#costs.length
    await this.#recount()
    if (this.#fits()) return
    const labels: string[] = []
    for (const passage of this.#entries.slice(0, this.#required)) labels.push(await this.#selection.labelOf(passage))
    const needed = this.#count + this.#request.counter.margin(this.#count)
    throw new FoveaError(
      'required-too-large',
      `${labels.join(', ') || 'the empty pack'} must be kept whole and needs ${needed} tokens, but the budget is ${budget}; ` +
        'raise the budget or require less',
      { detail: { required: labels, needed, budget } },
    )
  }

  /** Chooses by estimate: pieces are counted alone and their sum is kept within the limit. */
  async choose(): Promise<void> {
    const { compressor = whole, texts, analyzer, counter, query, abortSignal } = this.#request
    const { grain } = compressor
    const pool = choosePool(this.#entries, this.#required, grain, this.#limit)
    const inDocument = pool.entries.toSorted((a, b) => this.#byPlace(a, b))
    const candidates: Candidate[] = []
    for (const entry of inDocument) {
      abortSignal?.throwIfAborted()
      for (const candidate of await cut(this.#entries[entry]!, entry, grain, texts, pool.most, abortSignal))
        candidates.push(candidate)
    }
    const scores = await compressor.score(unitsOf(candidates, this.#entries), {
      analyzer,
      counter,
      rarity: this.#request.rarity ?? rarityOf(candidates, analyzer),
      ...(query === undefined ? {} : { query }),
      ...(abortSignal ? { abortSignal } : {}),
    })
    const wanted = (index: number) => scores[index]! > Number.NEGATIVE_INFINITY
    const order = [...candidates.keys()]
      .filter(wanted)
      .sort((a, b) => scores[b]! - scores[a]! || candidates[a]!.entry - candidates[b]!.entry || a - b)
    this.#candidates = order.map((index) => candidates[index]!)
    for (const entry of pool.entries) this.#refused.add(entry)
    for (const { entry } of this.#candidates) this.#refused.delete(entry)
    if (grain === 'passage') {
      const pooled = new Set(pool.entries)
      for (let entry = this.#required; entry < this.#entries.length; entry++)
        if (!pooled.has(entry)) this.#later.push(entry)
    }
    let room = this.#limit - this.#count
    if (this.#fixed === 0) room -= this.#weigh(this.#renderer.before) + this.#weigh(this.#renderer.after)
    for (const candidate of this.#candidates) {
      if (room <= 0) break
      room -= await this.#take(candidate, room)
    }
    for (const entry of this.#later) {
      if (room <= 0) break
      if (sizeOf(this.#entries[entry]!) > room * this.#perToken * 1.6) continue
      const [candidate] = await cut(
        this.#entries[entry]!,
        entry,
        'passage',
        texts,
        Number.POSITIVE_INFINITY,
        abortSignal,
      )
      room -= await this.#take(candidate!, room)
    }
  }

  /** Adds what is new of a candidate where it seems to fit; gives the tokens it is thought to cost, 0 when left out. */
  async #take(candidate: Candidate, room: number): Promise<number> {
    const rest = this.#selection.rest(candidate)
    if (!rest || rest.text.length > room * this.#perToken * 1.6 + 16 || this.#effort <= 0) return 0
    let cost = this.#weigh(rest.text) + (this.#selection.holds(rest.entry) ? 1 : 0)
    if (cost > room) return 0
    if (!this.#selection.holds(rest.entry)) cost += await this.#overhead(rest.entry)
    if (cost > room) return 0
    this.#push(rest, cost)
    return cost
  }

  /** Counts the whole rendering and takes back the last choices until it fits. */
  async verify(): Promise<void> {
    await this.#recount()
    const fixed = this.#fixed
    for (let least = 1; !this.#fits() && this.#costs.length > fixed; least *= 2) {
      const over = Math.max(least, this.#count - this.#limit)
      let length = this.#costs.length
      for (let freed = 0; freed < over && length > fixed; ) freed += this.#costs[--length]!
      this.#selection.shrink(length)
      this.#costs.length = length
      await this.#recount()
    }
  }

  /** Adds what still fits, each time counted on the whole rendering. */
  async fill(): Promise<void> {
    const { texts, abortSignal } = this.#request
    for (let again = true; again; ) {
      again = false
      const left = this.#candidates.filter((candidate) => this.#selection.rest(candidate))
      let characters = 0
      for (const { text } of left) characters += text.length
      for (const entry of this.#later) characters += this.#selection.holds(entry) ? 0 : sizeOf(this.#entries[entry]!)
      const thorough = characters * 2 < this.#effort
      const tooLong = (length: number) => !thorough && length > (this.#limit - this.#count + slack) * this.#perToken * 2
      for (const candidate of left)
        if (!tooLong(this.#selection.rest(candidate)?.text.length ?? 0)) again = (await this.#try(candidate)) || again
      for (const entry of this.#later) {
        if (this.#selection.holds(entry) || tooLong(sizeOf(this.#entries[entry]!))) continue
        if (this.#effort <= 0) break
        const [candidate] = await cut(
          this.#entries[entry]!,
          entry,
          'passage',
          texts,
          Number.POSITIVE_INFINITY,
          abortSignal,
        )
        again = (await this.#try(candidate!)) || again
      }
    }
  }

  async #try(candidate: Candidate): Promise<boolean> {
    const rest = this.#selection.rest(candidate)
    if (!rest || this.#effort <= 0) return false
    const cost = this.#weigh(rest.text)
    if (cost > this.#limit - this.#count + slack) return false
    const before = { assembled: this.#assembled, count: this.#count }
    this.#push(rest, Math.max(1, cost))
    await this.#recount()
    if (this.#fits()) return true
    this.#selection.shrink(this.#selection.chosen.length - 1)
    this.#costs.pop()
    this.#assembled = before.assembled
    this.#count = before.count
    return false
  }

  finish(): Pack {
    const { budget, counter } = this.#request
    const dropped = accountFor(this.#entries, this.#selection.parts(), this.#refused)
    for (const passage of this.#empty) dropped.push({ passage, why: 'irrelevant' })
    const margin = counter.margin(this.#count)
    return {
      budget,
      tokens: { count: this.#count, exact: margin === 0 && counter.margin(1_000_000) === 0, margin },
      kept: this.#assembled.kept,
      dropped,
      text: this.#assembled.text,
      ranges: this.#assembled.ranges,
    }
  }

  get #perToken(): number {
    return this.#counted.characters / this.#counted.tokens
  }

  #weigh(text: string): number {
    if (text === '') return 0
    const tokens = this.#request.counter.count(text)
    this.#effort -= text.length
    this.#counted = { characters: this.#counted.characters + text.length, tokens: this.#counted.tokens + tokens }
    return tokens
  }

  async #overhead(entry: number): Promise<number> {
    const passage = this.#entries[entry]!
    const label = await this.#selection.labelOf(passage)
    const empty = this.#renderer.item({ passage, text: '', label }, this.#selection.chosen.length)
    return this.#weigh(empty.text + this.#renderer.between)
  }

  #push(candidate: Candidate, cost: number): void {
    this.#selection.add(candidate)
    this.#costs.push(cost)
  }

  async #recount(): Promise<void> {
    this.#request.abortSignal?.throwIfAborted()
    this.#assembled = await this.#selection.assemble()
    this.#count = this.#request.counter.count(this.#assembled.text)
    this.#effort -= this.#assembled.text.length
  }

  #fits(): boolean {
    return this.#count + this.#request.counter.margin(this.#count) <= this.#request.budget
  }

  #byPlace(a: number, b: number): number {
    const [one, other] = [this.#entries[a]!, this.#entries[b]!]
    return (
      this.#ranks.get(one.spans[0].source)! - this.#ranks.get(other.spans[0].source)! || byStart(one, other) || a - b
    )
  }
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)

/** The largest count that with its margin stays within the budget, or -1. */
function largestCount(counter: TokenCounter, budget: number): number {
  let low = -1
  let high = Math.floor(Math.min(budget, Number.MAX_SAFE_INTEGER))
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (middle + counter.margin(middle) <= budget) low = middle
    else high = middle - 1
  }
  return low
}
