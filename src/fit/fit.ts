import { byStart, FoveaError, type Pack, type Passage, type TokenCounter } from '../core/index.ts'
import { accountFor, tidy } from './account.ts'
import whole from './compressors/whole.ts'
import type { Fit, FitParts, FitRequest, Renderer } from './contract.ts'
import { spendFloors } from './floors.ts'
import document from './orderers/document.ts'
import { choosePool, cut, score, sizeOf } from './pool.ts'
import { plainRenderer } from './render.ts'
import { type Assembled, Selection } from './selection.ts'
import { type Candidate, withNeeds } from './units.ts'

/** Rounds of estimating; each leaves about a tenth of the room that it found. */
const mostRounds = 6
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
  await packer.grow()
  await packer.fill()
  return packer.finish()
}

class Packer {
  readonly #request: FitRequest
  readonly #renderer: Renderer
  /** Required passages, then the others from the best to the worst. */
  readonly #entries: Passage[]
  /** Of these, those that came in; the others were written by the compressor. */
  readonly #given: number
  readonly #required: number
  readonly #empty: readonly Passage[]
  readonly #selection: Selection
  readonly #ranks = new Map<string, number>()
  readonly #refused = new Set<number>()
  /** Estimated tokens of each choice, in the order of choice. */
  readonly #costs: number[] = []
  readonly #limit: number
  readonly #weights = new WeakMap<Candidate, number>()
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
    this.#effort = 200_000 + 20 * this.#limit
    const best = (score: number) => (Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score)
    const ranked = request.passages.toSorted((a, b) => compare(best(b.score), best(a.score)))
    const given = [...required, ...ranked].map((passage) => ({ passage, tidied: tidy(passage) }))
    this.#entries = given.flatMap(({ tidied }) => (tidied ? [tidied] : []))
    this.#empty = given.flatMap(({ passage, tidied }) => (tidied ? [] : [passage]))
    this.#given = this.#entries.length
    this.#required = given.slice(0, required.length).filter(({ tidied }) => tidied).length
    const ranks = this.#ranks
    for (const passage of [...required, ...request.passages])
      for (const { source } of passage.spans) if (!ranks.has(source)) ranks.set(source, ranks.size)
    const label = (passage: Passage) =>
      request.label?.(passage) ??
      Promise.resolve(`${passage.spans[0].source.slice(0, 12)}:${passage.spans[0].start}-${passage.spans.at(-1)!.end}`)
    const context = {
      ...partsOf(request),
      sourceRank: (source: string) => ranks.get(source) ?? ranks.size,
      ...(request.previous ? { previous: request.previous.kept } : {}),
    }
    const early = orderer.costly ? document : orderer
    this.#selection = new Selection(this.#entries, this.#required, renderer, early, context, label)
  }

  /** Puts in what must be there, or says what is too large. */
  async require(): Promise<void> {
    const { abortSignal, budget } = this.#request
    for (let entry = 0; entry < this.#required; entry++) {
      abortSignal?.throwIfAborted()
      const rest = this.#selection.rest(await this.#whole(entry))
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
    const { compressor = whole, texts, analyzer, counter } = this.#request
    const { grain } = compressor
    const pool = choosePool(this.#entries, this.#required, grain, this.#limit)
    const inDocument = pool.entries.toSorted((a, b) => this.#byPlace(a, b))
    const { candidates, scores, made } = await score(compressor, this.#entries, inDocument, texts, pool.most, {
      ...partsOf(this.#request),
      analyzer,
      counter,
      budget: Math.max(0, this.#limit - this.#count),
      ...(this.#request.rarity ? { rarity: this.#request.rarity } : {}),
      ...(this.#request.found ? { found: this.#request.found } : {}),
    })
    for (const passage of made) this.#entries.push(passage)
    if (compressor.reranks) this.#selection.rerank(candidates, scores)
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
  }

  /** Adds by estimate, counts the whole, and goes on with what the estimate held back, until little is left. */
  async grow(): Promise<void> {
    let room = this.#limit - this.#count
    if (this.#fixed === 0) room -= this.#weigh(this.#renderer.before) + this.#weigh(this.#renderer.after)
    const { floor = 0 } = this.#request
    if (floor > 0)
      room -= await spendFloors(this.#candidates, this.#entries, floor, room, (one, most) => this.#take(one, most))
    for (let round = 0; round < mostRounds && room > 0; round++) {
      const before = this.#costs.length
      for (const candidate of this.#candidates) {
        if (room <= 0) break
        room -= await this.#take(candidate, room)
      }
      for (const entry of this.#later) {
        if (room <= 0) break
        if (this.#selection.holds(entry) || !this.#seemsToFit(sizeOf(this.#entries[entry]!), room)) continue
        room -= await this.#take(await this.#whole(entry), room)
      }
      if (this.#costs.length === before) return
      await this.#recount()
      await this.#trim()
      room = this.#limit - this.#count
    }
  }

  #seemsToFit(characters: number, room: number): boolean {
    return characters <= room * this.#perToken * 1.15 + 16
  }

  async #whole(entry: number): Promise<Candidate> {
    const { texts, abortSignal } = this.#request
    const [candidate] = await cut(this.#entries[entry]!, entry, 'passage', texts, Number.POSITIVE_INFINITY, abortSignal)
    return candidate!
  }

  /** Adds what is new of a candidate where it seems to fit; gives the tokens it is thought to cost, 0 when left out. */
  async #take(candidate: Candidate, room: number): Promise<number> {
    if (this.#effort <= 0 || (this.#weights.get(candidate) ?? 0) > room) return 0
    const own = this.#selection.rest(candidate)
    if (!own || !this.#seemsToFit(own.text.length, room)) return 0
    const costs: number[] = []
    const rests: Candidate[] = []
    let spent = 0
    for (const one of withNeeds(candidate)) {
      const rest = this.#selection.rest(one)
      if (!rest) continue
      if (!this.#seemsToFit(rest.text.length, room - spent)) return 0
      const first = !this.#selection.holds(rest.entry)
      let cost = this.#weight(rest) + (first ? 0 : 1)
      if (spent + cost > room) return 0
      if (first) cost += await this.#overhead(rest.entry)
      spent += cost
      if (spent > room) return 0
      rests.push(rest)
      costs.push(cost)
    }
    for (const [index, rest] of rests.entries()) this.#push(rest, costs[index]!)
    return spent
  }

  /** Takes back the last choices until the whole fits. */
  async #trim(): Promise<void> {
    for (let least = 1; !this.#fits() && this.#costs.length > this.#fixed; least *= 2) {
      const over = Math.max(least, this.#count - this.#limit)
      let length = this.#costs.length
      for (let freed = 0; freed < over && length > this.#fixed; ) freed += this.#costs[--length]!
      this.#selection.shrink(length)
      this.#costs.length = length
      await this.#recount()
    }
  }

  /**
   * Adds what still fits, each time counted on the whole rendering: everything is tried where that is little text,
   * else the shortest are, so that in the end less is unused than the shortest unit left would take.
   */
  async fill(): Promise<void> {
    for (let again = true; again; ) {
      again = false
      const left: (Candidate | number)[] = this.#candidates.filter((candidate) => this.#selection.rest(candidate))
      for (const entry of this.#later) if (!this.#selection.holds(entry)) left.push(entry)
      const length = (unit: Candidate | number) =>
        typeof unit === 'number' ? sizeOf(this.#entries[unit]!) : unit.text.length
      const thorough = left.reduce<number>((sum, unit) => sum + length(unit), 0) * 2 < this.#effort
      const tried = thorough ? left : left.filter((unit) => !this.#tooLong(length(unit)))
      if (!thorough) tried.sort((a, b) => length(a) - length(b))
      for (const unit of tried) {
        if (this.#effort <= 0) return
        if (!thorough && this.#tooLong(length(unit))) break
        again = (await this.#try(typeof unit === 'number' ? await this.#whole(unit) : unit)) || again
      }
    }
  }

  #tooLong(characters: number): boolean {
    return characters > (this.#limit - this.#count + slack) * this.#perToken * 2
  }

  async #try(candidate: Candidate): Promise<boolean> {
    if (!this.#selection.rest(candidate) || this.#effort <= 0) return false
    const length = this.#costs.length
    const before = { assembled: this.#assembled, count: this.#count }
    let spent = 0
    for (const one of withNeeds(candidate)) {
      const rest = this.#selection.rest(one)
      if (!rest) continue
      const cost = this.#weight(rest)
      spent += cost
      this.#push(rest, Math.max(1, cost))
    }
    if (spent <= this.#limit - this.#count + slack) {
      await this.#recount()
      if (this.#fits()) return true
    }
    this.#selection.shrink(length)
    this.#costs.length = length
    this.#assembled = before.assembled
    this.#count = before.count
    return false
  }

  async finish(): Promise<Pack> {
    const { budget, counter, orderer } = this.#request
    if (orderer?.costly) {
      this.#selection.orderer = orderer
      await this.#recount()
      await this.#trim()
    }
    const dropped = accountFor(this.#entries, this.#given, this.#selection.parts(), this.#refused)
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

  /** Tokens of a candidate alone; the white space at its end goes into the joint. */
  #weight(candidate: Candidate): number {
    let tokens = this.#weights.get(candidate)
    if (tokens === undefined) this.#weights.set(candidate, (tokens = this.#weigh(candidate.text.trimEnd())))
    return tokens
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

  /** Adds what is not there yet: what a piece needs may overlap with the piece. */
  #push(candidate: Candidate, cost: number): void {
    const rest = this.#selection.rest(candidate)
    if (!rest) return
    this.#selection.add(rest)
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

/** The parts of a request that leaves are handed. */
function partsOf(request: FitRequest): FitParts & Pick<FitRequest, 'query' | 'abortSignal'> {
  const { query, abortSignal, model, logProbabilities, embedder, pruner, ranker, attention } = request
  const { outline, time } = request
  return {
    ...(query === undefined ? {} : { query }),
    ...(abortSignal ? { abortSignal } : {}),
    ...(model ? { model } : {}),
    ...(logProbabilities ? { logProbabilities } : {}),
    ...(embedder ? { embedder } : {}),
    ...(pruner ? { pruner } : {}),
    ...(ranker ? { ranker } : {}),
    ...(attention ? { attention } : {}),
    ...(outline ? { outline: (source, signal) => outline.call(request, source, signal) } : {}),
    ...(time ? { time: (source) => time.call(request, source) } : {}),
  }
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)

/** The largest count that with its margin stays within the budget, or -1. */
function largestCount(counter: TokenCounter, budget: number): number {
  let low = -1
  let high = Math.floor(Math.min(budget, Number.MAX_SAFE_INTEGER))
  while (low < high) {
    const middle = low + Math.ceil((high - low) / 2)
    if (middle + counter.margin(middle) <= budget) low = middle
    else high = middle - 1
  }
  return low
}
