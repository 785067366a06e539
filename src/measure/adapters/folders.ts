import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FoveaError } from '../../core/index.ts'
import { type FileRequest, listFiles } from './files.ts'

/** Folders below a published one, at most. */
const deepest = 3

/**
 * Files below a folder of the data folder, or below the data folder where that is the published one: names with slashes,
 * sorted, and the folder that they start from. Throws `data-missing` where none is of the wanted form.
 */
export async function filesBelow(
  request: FileRequest,
  folder: string,
  form: RegExp,
): Promise<{ readonly root: string; readonly files: string[] }> {
  for (const root of [join(request.data, folder), request.data]) {
    const files = (await below(root, '', deepest, request)).filter((file) => form.test(file)).sort()
    if (files.length > 0) return { root, files }
  }
  await listFiles(request, folder)
  throw new FoveaError(
    'data-missing',
    `${join(request.data, folder)} holds none of its files; set FOVEA_DATA to the folder that holds the data sets, or name the published folder in "data"`,
  )
}

async function below(root: string, folder: string, depth: number, request: FileRequest): Promise<string[]> {
  request.abortSignal?.throwIfAborted()
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => [])
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (!entry.isDirectory()) return [path]
      return depth > 0 ? below(root, path, depth - 1, request) : []
    }),
  )
  return found.flat()
}
