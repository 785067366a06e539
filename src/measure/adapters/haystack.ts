import { stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { FoveaError, messageOf, type Source } from '../../core/index.ts'
import { read, walk } from '../../read/index.ts'
import type { Haystack } from '../contract.ts'
import { haystackOf, noise } from '../generators/haystack.ts'

/** Most characters of a haystack: enough for prompts of millions of tokens, walked round after that. */
const mostCharacters = 16_000_000

/** All that files and folders hold, read as an index reads them. Files that cannot be read are left out. */
export async function readSources(
  paths: readonly string[],
  warn: (message: string) => void,
  abortSignal?: AbortSignal,
): Promise<Source[]> {
  const sources: Source[] = []
  const known = new Set<string>()
  let length = 0
  const signal = abortSignal ? { abortSignal } : {}
  for (const path of paths) {
    if (
      !(await stat(path).then(
        () => true,
        () => false,
      ))
    )
      throw new FoveaError(
        'data-missing',
        `${path} is not there; name a file or folder (FOVEA_DATA holds the data sets)`,
      )
    for await (const { input, path: file } of walk(path, signal)) {
      if (length >= mostCharacters) {
        warn(`${file} and what follows is left out: ${mostCharacters} characters are enough`)
        break
      }
      try {
        for await (const source of read(input, signal)) {
          if (known.has(source.id)) continue
          known.add(source.id)
          sources.push({ ...source, uri: relative(path, file) || file })
          length += source.text.length
        }
      } catch (error) {
        abortSignal?.throwIfAborted()
        warn(`${file} is left out: ${messageOf(error)}`)
      }
    }
  }
  return sources
}

/** The prose of files and folders to hide needles in. */
export async function readHaystack(
  paths: readonly string[],
  warn: (message: string) => void,
  abortSignal?: AbortSignal,
): Promise<Haystack> {
  const sources = await readSources(paths, warn, abortSignal)
  return haystackOf(
    paths.join(', '),
    sources.map(({ text }) => text),
  )
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
