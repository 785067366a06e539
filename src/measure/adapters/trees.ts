import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { FoveaError, messageOf } from '../../core/index.ts'
import { type FileRequest, missing } from './files.ts'

/** Files of a set that is published as a folder, and the request by which they are read. */
export interface Tree {
  /** Its `data` is the set's own folder: `readRows(tree.at, path)`. */
  readonly at: FileRequest
  /** What the pattern found in each path below that folder, `/` between names, in order. */
  readonly files: readonly RegExpExecArray[]
}
export interface Published {
  /** Folder below the data folder. */
  readonly folder: string
  /** Paths below that folder, from its beginning: files of other sets that stand beside it must not fit. */
  readonly pattern: RegExp
  /** One such path, for the message when there is none. */
  readonly example: string
  /** Where it is published. */
  readonly url: string
}

/** Deepest folder that is looked into. */
const deepest = 6

/**
 * The files of a set that fit its pattern. The request's `data` is the data folder, the set's own folder wherever that
 * is, or one of its files. Throws `data-missing`, naming a file, where it goes and where it is published.
 */
export async function treeOf(request: FileRequest, { folder, pattern, example, url }: Published): Promise<Tree> {
  const { data, abortSignal } = request
  const kind = data === '' ? undefined : await stat(data).catch(() => undefined)
  const own = join(data, folder)
  const root = kind?.isFile() ? dirname(data) : (await isFolder(own)) ? own : data
  const paths = kind?.isFile() ? [basename(data)] : kind ? await below(root, '', 0, abortSignal) : []
  const files = paths.map((path) => pattern.exec(path)).filter((found) => found !== null)
  if (files.length === 0) {
    const { message } = missing(join(data, folder, example))
    throw new FoveaError('data-missing', `${message}; it is published at ${url}`, { detail: { path: own } })
  }
  return { at: { ...request, data: root }, files }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

async function below(root: string, path: string, depth: number, abortSignal?: AbortSignal): Promise<string[]> {
  abortSignal?.throwIfAborted()
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch((error) => {
    throw new FoveaError('data-missing', `${join(root, path)} cannot be read: ${messageOf(error)}; check FOVEA_DATA`, {
      cause: error,
    })
  })
  const found: string[] = []
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const name = path === '' ? entry.name : `${path}/${entry.name}`
    const folder = entry.isSymbolicLink() ? await isFolder(join(root, name)) : entry.isDirectory()
    if (!folder) found.push(name)
    else if (depth < deepest) found.push(...(await below(root, name, depth + 1, abortSignal)))
  }
  return found
}

/** A file's bytes. Throws `data-missing`. */
export async function readBytes({ data, abortSignal }: FileRequest, path: string): Promise<Uint8Array> {
  abortSignal?.throwIfAborted()
  const file = join(data, path)
  return readFile(file, abortSignal ? { signal: abortSignal } : {}).catch((error) => {
    abortSignal?.throwIfAborted()
    throw missing(file, error)
  })
}
