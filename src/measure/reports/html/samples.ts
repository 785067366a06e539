import type { Detail } from '../../aggregate.ts'
import type { View } from '../../contract.ts'
import { hashOf } from '../../random.ts'
import type { Place, ShownSample, ShownView } from './types.ts'

/** UTF-16 units of JSON that samples take up in a page. */
const room = 1_600_000
/** Units that are held while samples are chosen; above the first only cells that have none yet get one. */
const held = { several: 16_000_000, one: 48_000_000 }
/** Samples of a cell that have texts of about the same length. */
const perLength = 2
/** A text up to this is shown whole; of a longer one, so much around what was kept. */
const whole = 12_000
const around = { evidence: 1200, kept: 160, most: 24_000 }

interface Candidate {
  readonly cell: string
  readonly sample: Omit<ShownSample, 'sources' | 'without' | 'views' | 'kept'>
  readonly sources: View['sources']
  readonly kept: Place[][]
  readonly keptNumbers: Map<string, number>
  readonly views: {
    readonly view: Pick<View, 'key' | 'system' | 'budget' | 'said' | 'scores'>
    readonly kept: number
  }[]
}

/**
 * Samples to be looked at, of every cell in turn, from one walk over the views. The rows of results are not known yet:
 * `keys` says which of them `finish` needs.
 */
export function chooseSamples(views: Iterable<View>): {
  readonly keys: ReadonlySet<string>
  finish(details: ReadonlyMap<string, Detail>): { samples: ShownSample[]; left: number }
} {
  const candidates = new Map<string, Candidate>()
  const taken = new Map<string, number>()
  const cells = new Set<string>()
  const passed = new Set<string>()
  let size = 0
  for (const view of views) {
    const length = view.sources.reduce((sum, { text }) => sum + text.length, 0)
    const mark = `${hashOf(JSON.stringify([view.task, view.cell, view.question, view.answers, length, view.evidence]))} ${view.sources[0]?.uri}`
    let candidate = candidates.get(mark)
    if (!candidate) {
      const cell = JSON.stringify([view.task, view.cell])
      const kind = `${cell} ${Math.round(Math.log2(length + 1))}`
      const fits = size < held.several ? (taken.get(kind) ?? 0) < perLength : size < held.one && !cells.has(cell)
      if (!fits) {
        passed.add(mark)
        continue
      }
      taken.set(kind, (taken.get(kind) ?? 0) + 1)
      cells.add(cell)
      size += length
      const { task, question, answers, evidence, sources } = view
      const sample = { task, cell: view.cell, question, answers, evidence }
      candidate = { cell, sample, sources, kept: [], keptNumbers: new Map(), views: [] }
      candidates.set(mark, candidate)
    }
    const places = united(view.kept)
    const text = JSON.stringify(places)
    let kept = candidate.keptNumbers.get(text)
    if (kept === undefined) {
      candidate.keptNumbers.set(text, (kept = candidate.kept.length))
      candidate.kept.push(places)
      size += text.length
    }
    const { key, system, budget, said, scores } = view
    candidate.views.push({ view: { key, system, budget, scores, ...(said === undefined ? {} : { said }) }, kept })
  }
  const list = inTurn([...candidates.values()])
  const keys = new Set(list.flatMap((candidate) => candidate.views.map(({ view }) => view.key)))
  return {
    keys,
    finish(details) {
      const samples: ShownSample[] = []
      let used = 0
      let left = passed.size
      for (const candidate of list) {
        const shown = shownOf(candidate, details)
        const cost = JSON.stringify(shown).length
        if (used + cost > room && samples.length > 0) left++
        else {
          samples.push(shown)
          used += cost
        }
      }
      return { samples, left }
    },
  }
}

/** One of each cell, then a second of each. */
function inTurn(candidates: readonly Candidate[]): Candidate[] {
  const byCell = [...Map.groupBy(candidates, ({ cell }) => cell).values()]
  const most = Math.max(0, ...byCell.map(({ length }) => length))
  return Array.from({ length: most }, (_, turn) => byCell.flatMap((list) => list[turn] ?? [])).flat()
}

/** The next place where a word begins, if one is near. */
function wordAt(text: string, at: number, end: number): number {
  if (at === 0) return 0
  const space = text.slice(at, Math.min(end, at + 40)).search(/\s/)
  return space < 0 ? Math.min(at, end) : at + space + 1
}

/** Places in order, those that touch as one. */
function united(places: readonly Place[]): Place[] {
  const sorted = [...places].sort((one, other) => one[0] - other[0] || one[1] - other[1])
  const found: [number, number, number][] = []
  for (const [source, start, end] of sorted) {
    const last = found.at(-1)
    if (last && last[0] === source && start <= last[2] + 1) last[2] = Math.max(last[2], end)
    else found.push([source, start, end])
  }
  return found
}

function shownOf({ sample, sources, kept, views }: Candidate, details: ReadonlyMap<string, Detail>): ShownSample {
  const total = sources.reduce((sum, { text }) => sum + text.length, 0)
  const wanted: Place[] = []
  if (total <= whole) sources.forEach(({ text }, source) => void wanted.push([source, 0, text.length]))
  else {
    const widen = ([source, start, end]: Place, by: number): Place => {
      const { text } = sources[source]!
      return [
        source,
        wordAt(text, Math.max(0, start - by), start),
        wordAt(text, Math.min(text.length, end + by), text.length),
      ]
    }
    for (const place of sample.evidence) wanted.push(widen(place, around.evidence))
    let left = around.most
    // Each system in turn gives its first kept places, so that none fills the room alone.
    for (let turn = 0; left > 0 && kept.some((places) => turn < places.length); turn++)
      for (const places of kept) {
        const place = places[turn]
        if (!place || left <= 0) continue
        const [source, start, end] = widen(place, around.kept)
        wanted.push([source, start, Math.min(end, start + 4000)])
        left -= Math.min(end - start, 4000)
      }
  }
  const pieces = Map.groupBy(united(wanted), ([source]) => source)
  return {
    ...sample,
    sources: sources.flatMap(({ uri, text }, number) => {
      const own = pieces.get(number)
      if (!own) return []
      const texts = own.map(([, start, end]) => [start, text.slice(start, end)] as const)
      return [{ number, uri, length: text.length, pieces: texts }]
    }),
    without: sources.length - pieces.size,
    kept,
    views: views.map(({ view, kept: number }): ShownView => {
      const { key, system, budget, said, scores } = view
      const detail = details.get(key)
      return {
        system,
        budget,
        reader: detail?.reader ?? '',
        origin: detail?.origin ?? 'computed',
        length: detail?.length ?? 0,
        ...(said === undefined ? {} : { said: said.slice(0, 4000) }),
        ...(detail?.failure === undefined ? {} : { failure: detail.failure.slice(0, 400) }),
        scores: Object.fromEntries(
          Object.entries(scores).map(([name, value]) => [name, Math.round(value * 1000) / 1000]),
        ),
        lost: detail?.ledger?.lost ?? {},
        kept: number,
      }
    }),
  }
}
