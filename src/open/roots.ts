import { realpath, stat } from 'node:fs/promises'
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { FoveaError, messageOf } from '../core/index.ts'

export interface Root {
  /** Absolute path of a file or a folder. */
  readonly path: string
  readonly folder: boolean
  /** First part of the uris below it; empty when it is the only root. */
  readonly name: string
}

const slashes = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'))

/** The places that a library reads, and the names that its Sources have in the index. */
export class Roots {
  readonly list: readonly Root[]

  constructor(list: readonly Root[]) {
    this.list = list
  }

  /** Throws `path-missing` for a path that is not there. */
  static async of(paths: readonly string[]): Promise<Roots> {
    const found = new Map<string, boolean>()
    for (const path of paths) {
      const absolute = resolve(path)
      try {
        found.set(await realpath(absolute), (await stat(absolute)).isDirectory())
      } catch (cause) {
        throw new FoveaError('path-missing', `${path}: ${reason(cause)}; check the spelling`, {
          cause,
          detail: { path },
        })
      }
    }
    const inside = (path: string): boolean =>
      [...found].some(
        ([other, folder]) => folder && other !== path && path.startsWith(other.endsWith(sep) ? other : other + sep),
      )
    const outer = [...found].filter(([path]) => !inside(path)).sort(([a], [b]) => (a < b ? -1 : 1))
    const names = new Map<string, number>()
    return new Roots(
      outer.map(([path, folder]) => {
        if (outer.length === 1) return { path, folder, name: '' }
        const name = basename(path) || 'root'
        const seen = names.get(name) ?? 0
        names.set(name, seen + 1)
        return { path, folder, name: seen === 0 ? name : `${name}~${seen + 1}` }
      }),
    )
  }

  uri(root: Root, path: string): string {
    const below = root.folder ? slashes(relative(root.path, path)) : basename(path)
    return root.folder ? (root.name ? `${root.name}/${below}` : below) : root.name || below
  }

  /** Absolute path of a uri of this library. */
  path(uri: string): string | undefined {
    for (const root of this.list) {
      if (!root.folder && uri === (root.name || basename(root.path))) return root.path
      if (!root.folder) continue
      if (root.name === '') return join(root.path, uri)
      if (uri.startsWith(`${root.name}/`)) return join(root.path, uri.slice(root.name.length + 1))
    }
    return undefined
  }

  /** The uri of an absolute path, or undefined when it lies outside. */
  find(path: string): string | undefined {
    for (const root of this.list) {
      if (path === root.path && !root.folder) return this.uri(root, path)
      const below = relative(root.path, path)
      if (root.folder && below !== '' && !below.startsWith('..') && !isAbsolute(below)) return this.uri(root, path)
    }
    return undefined
  }

  /** How to show a uri to a person who stands in `folder`: relative where that is shorter to read. */
  display(uri: string, folder: string): string {
    const path = this.path(uri)
    if (path === undefined) return uri
    const near = relative(folder, path)
    return slashes(near.startsWith(`..${sep}..${sep}..`) || isAbsolute(near) ? path : near)
  }
}

export const reason = (cause: unknown): string => {
  const code = (cause as { code?: string }).code
  if (code === 'ENOENT') return 'there is no such file or folder'
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read'
  return messageOf(cause)
}
