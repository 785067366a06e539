import type { DatabaseSync } from 'node:sqlite'
import { FoveaError } from '../../../core/index.ts'
import type { StoredSource } from '../../contract.ts'
import { damaged } from './bytes.ts'
import { idBytes, type SourceSpot, shortId, sourceSum } from './content.ts'

function spotOf(row: Record<string, unknown>): SourceSpot {
  const spot = row as unknown as SourceSpot
  if (!(spot.id instanceof Uint8Array) || sourceSum(spot) !== row.sum)
    throw damaged('the checksum of a source does not fit')
  return spot
}

const spotColumns = 'first, count, base, length, id, sum'

/** A source with its first place, by which sources are ordered. */
export interface PlacedSource {
  readonly source: StoredSource
  readonly uri: string
  readonly ordinal: number
}

/** Rows of sources that are not hidden; all within the caller's transaction. */
export class SourceRows {
  readonly #path: string
  readonly #keys = new WeakMap<StoredSource, number>()
  readonly #statements

  constructor(database: DatabaseSync, path: string) {
    this.#path = path
    this.#statements = {
      holding: database.prepare(`SELECT ${spotColumns} FROM sources WHERE first <= ? ORDER BY first DESC LIMIT 1`),
      byId: database.prepare(`SELECT ${spotColumns} FROM sources WHERE short = ? AND id = ? AND ready ORDER BY first`),
      source: database.prepare('SELECT * FROM sources WHERE first = ? AND ready'),
      within: database.prepare('SELECT first FROM sources WHERE first >= ? AND first < ? AND ready'),
      places: database.prepare(
        'SELECT f.uri, f.modified, p.ordinal FROM places p JOIN files f ON f.key = p.file WHERE p.source = ? ORDER BY f.uri, p.ordinal',
      ),
      inFile: database.prepare('SELECT source, ordinal FROM places WHERE file = ? ORDER BY ordinal'),
    }
  }

  /** The source that a passage belongs to. */
  holding(number: number): SourceSpot {
    const row = this.#statements.holding.get(number)
    const spot = row && spotOf(row)
    if (!spot || number >= spot.first + spot.count) throw damaged(`the source of passage ${number} is missing`)
    return spot
  }

  /** Sources with this text: more than one where different readers gave the same text. */
  withId(id: string): SourceSpot[] {
    if (!/^[0-9a-f]{64}$/.test(id)) return []
    return this.#statements.byId.all(shortId(id), idBytes(id)).map(spotOf)
  }

  get(first: number): PlacedSource | undefined {
    const row = this.#statements.source.get(first)
    if (!row) return undefined
    const places = this.#statements.places.all(first)
    const place = places[0]
    if (!place) throw damaged('a source has no place')
    const uri = String(place.uri)
    const time = row.filetime ? place.modified : row.time
    const source: StoredSource = {
      id: Buffer.from(row.id as Uint8Array).toString('hex'),
      uri,
      mediaType: String(row.type),
      ...(time == null ? {} : { time: Number(time) }),
      ...(row.title === null ? {} : { title: String(row.title) }),
      ...(row.language === null ? {} : { language: String(row.language) }),
      ...(row.part === null ? {} : { part: { index: Number(row.part), base: Number(row.partbase) } }),
      length: Number(row.length),
      passages: Number(row.count),
      places: [...new Set(places.map((entry) => String(entry.uri)))],
    }
    this.#keys.set(source, first)
    return { source, uri, ordinal: Number(place.ordinal) }
  }

  /** Sources of a file for which it is the first place, in the file's order. */
  inFile(key: number, uri: string): StoredSource[] {
    return this.#statements.inFile.all(key).flatMap((place) => {
      const placed = this.get(Number(place.source))
      return placed?.uri === uri && placed.ordinal === place.ordinal ? [placed.source] : []
    })
  }

  /** Sources whose passages lie in the range, in the order of their passages. */
  within(from: number, to: number): PlacedSource[] {
    return this.#statements.within.all(from, to).flatMap((row) => this.get(Number(row.first)) ?? [])
  }

  /** The number that stands for a source which was handed out. Throws `source-unknown`. */
  keyOf(source: StoredSource): number {
    const known = this.#keys.get(source)
    if (known !== undefined && this.#statements.source.get(known)) return known
    const placed = this.withId(source.id).flatMap((spot) => this.get(spot.first) ?? [])
    const found = placed.find((candidate) => candidate.source.places.includes(source.uri)) ?? placed[0]
    if (!found) throw unknownSource(source.id, this.#path)
    return this.#keys.get(found.source)!
  }
}

export const unknownSource = (id: string, path: string): FoveaError =>
  new FoveaError('source-unknown', `no source ${id} in ${path}; index it again`, { detail: { source: id } })

/** The order of SQLite's text: by code point. */
export const byPlace = (a: PlacedSource, b: PlacedSource): number =>
  Buffer.compare(Buffer.from(a.uri), Buffer.from(b.uri)) || a.ordinal - b.ordinal
