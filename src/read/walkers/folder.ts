import type { Stats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import type { LeafMeta } from '../../core/index.ts'
import { FoveaError, messageOf } from '../../core/index.ts'
import type { ReadInput, SkipReason, WalkEntry, Walker, WalkOptions } from '../contract.ts'
import { looksBinary } from '../sniff.ts'
import { fileInput, readHead } from './folder/input.ts'
import { globPattern, isBuildFolder, isIgnored, type RuleStack, rulesAbove, withRules } from './folder/rules.ts'

export const meta = {
  name: 'folder',
  summary: 'Files below a folder on disk, without what is hidden, ignored, built or binary.',
} as const satisfies LeafMeta

export { type FileFacts, fileInput } from './folder/input.ts'

const headBytes = 16_384
/** Files looked at together. */
const together = 64

interface Child {
  readonly name: string
  /** The name's bytes, where they are not valid UTF-8. */
  readonly raw: Buffer | undefined
  readonly kind: 'file' | 'folder' | 'link' | 'special'
}

interface Walk {
  readonly root: string
  readonly shown: string
  readonly real: string
  readonly options: WalkOptions
  readonly include: readonly RegExp[]
  readonly exclude: readonly RegExp[]
  /** Real paths of folders reached by links. */
  readonly linked: Set<string>
}

/** A folder to walk. `outside` is its real path where a link led out of the root. */
interface Folder {
  readonly path: string
  /** The path's bytes, where they are not valid UTF-8. */
  readonly raw?: Buffer | undefined
  readonly outside?: string | undefined
}

const walk: Walker = async function* (root, options) {
  options.abortSignal?.throwIfAborted()
  const path = resolve(root)
  const facts = await stat(path).catch((cause) => {
    throw new FoveaError('path-missing', `${root}: ${messageOf(cause)}; check the path`, { cause, detail: { path } })
  })
  const state: Walk = {
    root: path,
    shown: root,
    real: await realpath(path),
    options,
    include: (options.include ?? []).map(globPattern),
    exclude: (options.exclude ?? []).map(globPattern),
    linked: new Set(),
  }
  if (facts.isDirectory()) yield* walkFolder(state, { path }, await rulesAbove(path))
  else if (facts.isFile()) yield entryOf(state, path, undefined, facts)
  else options.skip?.(path, 'special')
}

export default walk

async function* walkFolder(state: Walk, folder: Folder, above: RuleStack): AsyncIterable<WalkEntry> {
  const { options } = state
  options.abortSignal?.throwIfAborted()
  const children = await list(state, folder)
  const names = new Set(children.map(({ name }) => name))
  const rules = await withRules(above, folder.path, names)
  for (let at = 0; at < children.length; at += together) {
    const some = children.slice(at, at + together)
    const looked = await Promise.all(some.map((child) => look(state, folder, child, names, rules)))
    options.abortSignal?.throwIfAborted()
    for (const found of looked) {
      if (!found) continue
      if ('entry' in found) yield found.entry
      // Asked one after the other, in the order of the walk, so that the same tree always gives the same files.
      else if (follows(state, found)) yield* walkFolder(state, found, rules)
      else options.skip?.(found.path, 'link-loop')
    }
  }
}

/** A folder's children in the order of their paths. */
async function list(state: Walk, { path, raw }: Folder): Promise<Child[]> {
  try {
    const found = await readdir(raw ?? path, { withFileTypes: true, encoding: 'buffer' })
    const children = found.map((child): Child => {
      const name = child.name.toString('utf8')
      const kind = child.isFile()
        ? 'file'
        : child.isDirectory()
          ? 'folder'
          : child.isSymbolicLink()
            ? 'link'
            : 'special'
      const lossy = name.includes('\ufffd') && !Buffer.from(name).equals(child.name)
      return { name, raw: lossy ? Buffer.from(child.name) : undefined, kind }
    })
    const key = ({ name, kind }: Child): string => (kind === 'folder' ? `${name}/` : name)
    return children.sort((one, two) => (key(one) < key(two) ? -1 : key(one) > key(two) ? 1 : 0))
  } catch (error) {
    refuse(state, path, error)
    return []
  }
}

type Looked = { entry: WalkEntry } | (Folder & { readonly link?: string }) | undefined

async function look(
  state: Walk,
  folder: Folder,
  child: Child,
  siblings: ReadonlySet<string>,
  rules: RuleStack,
): Promise<Looked> {
  const { options } = state
  const path = join(folder.path, child.name)
  const raw =
    child.raw || folder.raw
      ? Buffer.concat([folder.raw ?? Buffer.from(folder.path), Buffer.from(sep), child.raw ?? Buffer.from(child.name)])
      : undefined
  const skip = (why: SkipReason): undefined => {
    options.skip?.(path, why)
  }
  if (child.kind === 'special') return skip('special')
  if (child.name.startsWith('.') && (!options.hidden || child.name === '.git')) return skip('hidden')
  try {
    const below = relative(state.root, path).split(sep).join('/')
    if (state.exclude.some((pattern) => pattern.test(below))) return skip('excluded')
    const facts = await stat(raw ?? path)
    if (isIgnored(rules, path, facts.isDirectory())) return skip('ignored')
    if (facts.isDirectory()) {
      if (await isBuildFolder(path, child.name, siblings)) return skip('build-folder')
      if (child.kind === 'link') {
        const real = await realpath(raw ?? path)
        return { path, raw, outside: real, link: real }
      }
      return { path, raw, outside: folder.outside && join(folder.outside, child.name) }
    }
    if (!facts.isFile()) return skip('special')
    if (state.include.length > 0 && !state.include.some((pattern) => pattern.test(below))) return skip('excluded')
    const head = () => readHead(raw ?? path, headBytes)
    const binary = options.isBinary ? await options.isBinary(path, head) : looksBinary(await head())
    return binary ? skip('binary') : { entry: entryOf(state, path, raw, facts) }
  } catch (error) {
    options.abortSignal?.throwIfAborted()
    return refuse(state, path, error)
  }
}

/** A folder outside the root is walked once, by whichever way comes first, and a link into the root never. */
function follows(state: Walk, { outside, link }: Folder & { readonly link?: string }): boolean {
  if (outside === undefined) return true
  const inside = (outer: string, inner: string): boolean =>
    inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep)
  if (!link) return !state.linked.has(outside)
  if (inside(state.real, link) || inside(link, state.real)) return false
  for (const linked of state.linked) if (inside(linked, link)) return false
  state.linked.add(link)
  return true
}

function refuse(state: Walk, path: string, error: unknown): undefined {
  const { code } = error as { code?: string }
  const uri = uriOf(state, path)
  const gone = code === 'ENOENT'
  const reason = gone ? 'it is not there (any more)' : code === 'EACCES' ? 'it may not be read' : messageOf(error)
  state.options.skip?.(path, 'unreadable')
  state.options.warn?.({ code: gone ? 'vanished' : 'unreadable', uri, message: `${uri}: ${reason}; it was left out` })
}

function uriOf({ root, shown }: Walk, path: string): string {
  const name = path === root ? shown : join(shown, relative(root, path))
  return sep === '/' ? name : name.replaceAll(sep, '/')
}

function entryOf(state: Walk, path: string, raw: Buffer | undefined, facts: Stats): WalkEntry {
  return new Entry(state, path, raw, facts.size, Math.trunc(facts.mtimeMs))
}

/** Makes its input when it is asked for: a walk over very many files holds little for each. */
class Entry implements WalkEntry {
  readonly path: string
  readonly size: number
  readonly modified: number
  readonly #state: Walk
  readonly #raw: Buffer | undefined

  constructor(state: Walk, path: string, raw: Buffer | undefined, size: number, modified: number) {
    this.path = path
    this.size = size
    this.modified = modified
    this.#state = state
    this.#raw = raw
  }

  get input(): ReadInput {
    const { path, size, modified } = this
    const { warn } = this.#state.options
    const file = { path: this.#raw ?? path, uri: uriOf(this.#state, path), size, modified }
    return fileInput(warn ? { ...file, warn } : file)
  }
}
