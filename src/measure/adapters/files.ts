import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import papaparse from 'papaparse'
import { FoveaError, messageOf } from '../../core/index.ts'
import type { DatasetRequest } from '../contract.ts'

/** What a loader was asked for, as far as files go. */
export type FileRequest = Pick<DatasetRequest, 'data' | 'warn' | 'abortSignal'>

/** Names what is not there, and how to say where it is. */
export const missing = (path: string, cause?: unknown): FoveaError =>
  new FoveaError(
    'data-missing',
    `${path} cannot be read; set FOVEA_DATA to the folder that holds the data sets, or name the published file or its folder in "data"`,
    { cause, detail: { path } },
  )

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** A path below the folder of its data set. */
const inner = (path: string): string => path.slice(path.indexOf('/') + 1)

/**
 * The first of some paths below the data folder that is there; the data folder may also be that of the data set, the
 * file's own folder, or the file.
 */
export async function place({ data }: FileRequest, ...paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    for (const candidate of [
      join(data, path),
      join(data, inner(path)),
      join(data, name),
      ...(data.endsWith(name) ? [data] : []),
    ])
      if (data !== '' && (await exists(candidate))) return candidate
  }
  throw missing(join(data, paths[0]!))
}

/** All rows of a table at once. */
export async function allRows<Row>(request: FileRequest, ...paths: readonly string[]): Promise<Row[]> {
  const rows: Row[] = []
  for await (const row of readRows<Row>(request, ...paths)) rows.push(row)
  return rows
}

/** A file of the data folder as text. Throws `data-missing`. */
export async function readText(request: FileRequest, path: string): Promise<string> {
  const { abortSignal } = request
  abortSignal?.throwIfAborted()
  const file = await place(request, path)
  try {
    return await readFile(file, { encoding: 'utf8', ...(abortSignal ? { signal: abortSignal } : {}) })
  } catch (error) {
    abortSignal?.throwIfAborted()
    throw missing(file, error)
  }
}

/** A file of one JSON value. Throws `data-missing`, and `data-invalid` when it is none. */
export async function readJson<Value>(request: FileRequest, path: string): Promise<Value> {
  const text = await readText(request, path)
  try {
    return JSON.parse(text) as Value
  } catch (cause) {
    throw new FoveaError(
      'data-invalid',
      `${join(request.data, path)} is no JSON: ${messageOf(cause)}; fetch it again`,
      {
        cause,
      },
    )
  }
}

/** Names of the files in a folder of the data folder, sorted. Throws `data-missing`. */
export async function listFiles(request: FileRequest, path: string): Promise<string[]> {
  let folder = request.data
  for (const candidate of [join(request.data, path), ...(path.includes('/') ? [join(request.data, inner(path))] : [])])
    if (folder === request.data && (await exists(candidate))) folder = candidate
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    throw missing(folder, error)
  }
}

/**
 * Rows of a table, whatever its form by the file's ending: JSON Lines, JSON (a list, a map of lists of equal length, or
 * a map with one list such as `data`), CSV and TSV with a header, Parquet, each also gzipped (`.gz`). Lines that are no
 * JSON are told to `warn` with their number and passed over; raw control characters inside a line are read as spaces.
 */
export async function* readRows<Row>(request: FileRequest, ...paths: readonly string[]): AsyncGenerator<Row> {
  const { abortSignal } = request
  const file = await place(request, ...paths)
  const kind = file.replace(/\.gz$/, '').toLowerCase()
  abortSignal?.throwIfAborted()
  // Some sets end files of lines with the name of the split.
  if (/\.(jsonl|ndjson|jl|train|dev|test)$/.test(kind)) yield* lines<Row>(file, request)
  else if (kind.endsWith('.parquet')) yield* parquet<Row>(file)
  else {
    const text = await textOf(file)
    if (/\.[ct]sv$/.test(kind)) yield* csv<Row>(text, kind.endsWith('.tsv') ? '\t' : ',', file, request)
    else yield* json<Row>(text, file, request)
  }
}

async function textOf(file: string): Promise<string> {
  const pieces: Buffer[] = []
  const stream = createReadStream(file)
  try {
    for await (const piece of file.endsWith('.gz') ? stream.pipe(createGunzip()) : stream) pieces.push(piece as Buffer)
  } catch (error) {
    throw missing(file, error)
  }
  return Buffer.concat(pieces).toString('utf8')
}

async function* lines<Row>(file: string, { warn, abortSignal }: FileRequest): AsyncGenerator<Row> {
  let number = 0
  for await (const line of linesOf(file)) {
    number++
    if (number % 64 === 0) abortSignal?.throwIfAborted()
    if (line.trim() === '') continue
    let row: Row
    try {
      row = JSON.parse(line.replace(/[\u0000-\u001f]/g, ' ')) as Row
    } catch (error) {
      warn?.({ path: file, line: number, message: `no JSON: ${messageOf(error)}; the line is left out` })
      continue
    }
    yield row
  }
}

/** Lines end with a line feed alone: a string of JSON may hold U+2028 and U+2029, which `readline` would cut at. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of charactersOf(file)) {
    const parts = piece.split('\n')
    if (parts.length > 1) {
      yield rest + parts[0]!
      yield* parts.slice(1, -1)
      rest = parts.at(-1)!
    } else rest += piece
  }
  if (rest !== '') yield rest
}

/** A file's text, unpacked where it is gzipped, piece by piece. */
export async function* charactersOf(file: string): AsyncGenerator<string> {
  const stream = createReadStream(file)
  const decoder = new TextDecoder()
  for await (const piece of file.endsWith('.gz') ? stream.pipe(createGunzip()) : stream)
    yield decoder.decode(piece as Buffer, { stream: true })
  yield decoder.decode()
}

async function* json<Row>(text: string, file: string, request: FileRequest): AsyncGenerator<Row> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    // Some sets call a file of lines `.json`.
    if (/^\s*\{[^\n]*\}[^\S\n]*\n\s*\{/.test(text.slice(0, 1_000_000))) {
      yield* lines<Row>(file, request)
      return
    }
    throw new FoveaError('data-invalid', `${file} is no JSON: ${messageOf(error)}; fetch it again`, { cause: error })
  }
  if (Array.isArray(value)) {
    yield* value as Row[]
    return
  }
  const map = value as Record<string, unknown>
  const columns = Object.entries(map).filter(([, list]) => Array.isArray(list)) as [string, unknown[]][]
  const [first] = columns
  if (
    first &&
    columns.length === Object.keys(map).length &&
    columns.every(([, list]) => list.length === first[1].length) &&
    columns.length > 1
  ) {
    for (let at = 0; at < first[1].length; at++)
      yield Object.fromEntries(columns.map(([name, list]) => [name, list[at]])) as Row
    return
  }
  if (columns.length === 1) yield* columns[0]![1] as Row[]
  else for (const [key, entry] of Object.entries(map)) yield { key, ...(entry as object) } as Row
}

function* csv<Row>(text: string, delimiter: string, path: string, { warn }: FileRequest): Generator<Row> {
  const { data, errors } = papaparse.parse<Row>(text, { header: true, delimiter, skipEmptyLines: true })
  for (const { row, message } of errors)
    warn?.({ path, ...(row === undefined ? {} : { line: row + 2 }), message: `${message}; the row may be wrong` })
  yield* data
}

async function* parquet<Row>(file: string): AsyncGenerator<Row> {
  const { parquetReadObjects, asyncBufferFromFile } = await import('hyparquet').catch((cause) => {
    throw new FoveaError('reader-missing', `${file} is Parquet: install its reader with "npm install hyparquet"`, {
      cause,
    })
  })
  for (const row of await parquetReadObjects({ file: await asyncBufferFromFile(file) })) yield plain(row) as Row
}

/** Numbers that Parquet gives as BigInt, as numbers. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  if (value !== null && typeof value === 'object' && !(value instanceof Date))
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]))
  return value
}
