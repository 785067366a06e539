import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FoveaError } from '../../core/index.ts'

const missing = (data: string, path: string, cause: unknown): FoveaError =>
  new FoveaError(
    'data-missing',
    `${join(data, path)} cannot be read; set FOVEA_DATA to the folder that holds the data sets`,
    { cause, detail: { path: join(data, path) } },
  )

/** A file of the data folder as text. Throws `data-missing`. */
export async function readData(data: string, path: string, abortSignal?: AbortSignal): Promise<string> {
  abortSignal?.throwIfAborted()
  try {
    return await readFile(join(data, path), { encoding: 'utf8', ...(abortSignal ? { signal: abortSignal } : {}) })
  } catch (error) {
    abortSignal?.throwIfAborted()
    throw missing(data, path, error)
  }
}

export async function readJson<Value>(data: string, path: string, abortSignal?: AbortSignal): Promise<Value> {
  return JSON.parse(await readData(data, path, abortSignal)) as Value
}

/** One value per line; raw control characters inside a line are read as spaces, lines that are no JSON are left out. */
export async function readJsonLines<Value>(data: string, path: string, abortSignal?: AbortSignal): Promise<Value[]> {
  const values: Value[] = []
  for (const line of (await readData(data, path, abortSignal)).split('\n')) {
    if (line.trim() === '') continue
    try {
      values.push(JSON.parse(line.replace(/[\u0000-\u001f]/g, ' ')) as Value)
    } catch {}
  }
  return values
}

/** Names of the files in a folder of the data folder, sorted. Throws `data-missing`. */
export async function listData(data: string, path: string): Promise<string[]> {
  try {
    return (await readdir(join(data, path))).sort()
  } catch (error) {
    throw missing(data, path, error)
  }
}
