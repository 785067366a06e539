import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { read, walk } from '../../read/index.ts'
import type { Haystack } from '../contract.ts'
import { haystackOf, noise } from '../generators/haystack.ts'

/** Most characters of a haystack: enough for prompts of millions of tokens, walked round after that. */
const mostCharacters = 16_000_000

/** The prose of files and folders, read as an index reads them. Files that cannot be read are left out. */
export async function readHaystack(
  paths: readonly string[],
  warn: (message: string) => void,
  abortSignal?: AbortSignal,
): Promise<Haystack> {
  const texts: string[] = []
  let length = 0
  const signal = abortSignal ? { abortSignal } : {}
  for (const path of paths)
    for await (const { input, path: file } of walk(path, signal)) {
      if (length >= mostCharacters) break
      try {
        for await (const { text } of read(input, signal)) {
          texts.push(text)
          length += text.length
        }
      } catch (error) {
        abortSignal?.throwIfAborted()
        warn(`${file} is left out of the haystack: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  return haystackOf(paths.join(', '), texts)
}

/** The essays below the data folder where they are, else noise. */
export async function defaultHaystack(data: string, warn: (message: string) => void): Promise<Haystack> {
  const essays = join(data, 'pg-essays')
  const there =
    data !== '' &&
    (await stat(essays)
      .then((facts) => facts.isDirectory())
      .catch(() => false))
  if (there) return readHaystack([essays], warn)
  warn(
    'no haystack was named and FOVEA_DATA holds no essays: needles are hidden in plain noise, which makes them easy to find',
  )
  return noise
}
