import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { FoveaError } from '../core/index.ts'
import { type Root, Roots, reason } from './roots.ts'

/** Which files below the roots an index is of, and how their words are analysed. */
export interface Selection {
  /** Globs over the path below a root; only matching files are taken. */
  readonly include?: readonly string[]
  /** Globs over the path below a root; matching files and folders are left out. */
  readonly exclude?: readonly string[]
  /** Also take hidden files and folders. Default false. */
  readonly hidden?: boolean
  /** BCP 47 tags of the languages to stem words for, the likeliest first. Default English. */
  readonly languages?: readonly string[]
}

/** What an index is of, as it is noted in its folder. */
export interface Card {
  readonly roots: Roots
  readonly selection: Selection
}

/** The folder that holds all indexes by default. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return environment.FOVEA_CACHE || join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'fovea')
}

/** The selection without what is not set, in one order, so that equal ones are written alike. */
export function selectionOf({ include, exclude, hidden, languages }: Selection): Selection {
  return {
    ...(include?.length ? { include } : {}),
    ...(exclude?.length ? { exclude } : {}),
    ...(hidden ? { hidden } : {}),
    ...(languages?.length ? { languages } : {}),
  }
}

const written = ({ roots, selection }: Card): string => JSON.stringify({ roots: roots.list, ...selectionOf(selection) })

/** Where the index of some places is kept by default: the same places and selection share one. */
export const indexFolder = (cache: string, card: Card): string =>
  join(cache, createHash('sha256').update(written(card)).digest('hex').slice(0, 16))

/** Makes the folder of an index, readable by its owner alone, and notes in it what it is of. Throws `unwritable`. */
export async function prepareIndex(location: string, card: Card): Promise<void> {
  try {
    await mkdir(dirname(location), { recursive: true })
    await mkdir(location, { recursive: true, mode: 0o700 })
    const path = join(location, 'roots.json')
    const text = written(card)
    if ((await readFile(path, 'utf8').catch(() => '')) !== text) await writeFile(path, text, { mode: 0o600 })
  } catch (cause) {
    const message = `cannot write the index at ${location}: ${reason(cause)}; choose another place with --index`
    throw new FoveaError('unwritable', message, { cause, detail: { location } })
  }
}

/** What an index is of, or undefined when the folder holds none. */
export async function cardOf(location: string): Promise<Card | undefined> {
  try {
    const { roots, ...selection } = JSON.parse(await readFile(join(location, 'roots.json'), 'utf8')) as Selection & {
      roots: Root[]
    }
    return { roots: new Roots(roots), selection: selectionOf(selection) }
  } catch {
    return undefined
  }
}

/** Every index below a cache folder; with `roots`, those of exactly these places. */
export async function knownIndexes(cache: string, roots?: Roots): Promise<(Card & { readonly location: string })[]> {
  const wanted = roots && JSON.stringify(roots.list)
  const known = []
  for (const name of (await readdir(cache).catch(() => [] as string[])).sort()) {
    const location = join(cache, name)
    const card = await cardOf(location)
    if (card && (wanted === undefined || JSON.stringify(card.roots.list) === wanted)) known.push({ location, ...card })
  }
  return known
}

/** Removes an index folder; what is in it that Fovea did not make is left, and so is the folder then. Throws `no-index`. */
export async function removeIndex(location: string): Promise<void> {
  if (!(await cardOf(location)))
    throw new FoveaError('no-index', `${location} holds no index of Fovea; nothing was removed`, {
      detail: { location },
    })
  for (const name of await readdir(location))
    if (/^(store\.|journal\.|roots\.json$)/.test(name)) await rm(join(location, name), { recursive: true, force: true })
  if ((await readdir(location)).length === 0) await rm(location, { recursive: true })
}
