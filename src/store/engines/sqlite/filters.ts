import type { DatabaseSync } from 'node:sqlite'
import type { Filter } from '../../../core/index.ts'
import { pathMatcher, typeMatcher } from '../../globs.ts'
import { idBytes, shortId } from './content.ts'
import { Ranges } from './ranges.ts'

export const isFiltering = (filter: Filter | undefined): filter is Filter =>
  filter !== undefined &&
  (filter.paths !== undefined ||
    filter.types !== undefined ||
    filter.after !== undefined ||
    filter.before !== undefined ||
    filter.sources !== undefined)

/** One place of a source, as the filter sees it. */
export interface FilterRow {
  readonly uri: string
  readonly type: string
  readonly time: number | null
  readonly id: Uint8Array
}

/** Whether one place of a source passes: a source passes when one of its places does. */
export function placeMatcher(filter: Filter): (row: FilterRow) => boolean {
  const path = filter.paths && pathMatcher(filter.paths)
  const type = filter.types && typeMatcher(filter.types)
  const ids = filter.sources && new Set(filter.sources)
  const { after, before } = filter
  return (row) =>
    (!type || type(row.type)) &&
    (after === undefined || (row.time !== null && row.time >= after)) &&
    (before === undefined || (row.time !== null && row.time < before)) &&
    (!ids || ids.has(Buffer.from(row.id).toString('hex'))) &&
    (!path || path(row.uri))
}

const columns = `s.first, s.count, s.id, s.type, f.uri, CASE WHEN s.filetime THEN f.modified ELSE s.time END AS time`

/** The passages of all sources that pass. */
export function filterRanges(database: DatabaseSync, filter: Filter): Ranges {
  const matches = placeMatcher(filter)
  const pairs: [number, number][] = []
  const take = (row: Record<string, unknown>): void => {
    if (!matches(row as unknown as FilterRow)) return
    const first = Number(row.first)
    pairs.push([first, first + Math.max(1, Number(row.count))])
  }
  const join = 'JOIN places p ON p.source = s.first JOIN files f ON f.key = p.file'
  if (filter.sources) {
    const find = database.prepare(`SELECT ${columns} FROM sources s ${join} WHERE s.short = ? AND s.id = ? AND s.ready`)
    for (const id of new Set(filter.sources)) for (const row of find.all(shortId(id), idBytes(id))) take(row)
  } else if (filter.paths) {
    const matchesPath = pathMatcher(filter.paths)
    const find = database.prepare(
      `SELECT ${columns} FROM files f JOIN places p ON p.file = f.key JOIN sources s ON s.first = p.source WHERE f.key = ?`,
    )
    for (const file of database.prepare('SELECT key, uri FROM files').iterate())
      if (matchesPath(String(file.uri))) for (const row of find.all(Number(file.key))) take(row)
  } else
    for (const row of database.prepare(`SELECT ${columns} FROM sources s ${join} WHERE s.ready`).iterate()) take(row)
  return Ranges.of(pairs)
}
