import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FoveaError } from '../../../core/index.ts'
import { cacheFolder, knownIndexes, type Library, Roots, removeIndex, reopen } from '../../../open.ts'
import { exit } from './exit.ts'
import type { SharedOptions } from './session.ts'
import { megabytes, safe, type Terminal, terminal } from './terminal.ts'

/** The folders of the indexes that a command line names: by places, by `--index`, or all in the cache. */
async function locationsOf(paths: readonly string[], options: SharedOptions): Promise<string[]> {
  if (options.index) return [options.index]
  const cache = cacheFolder(process.env)
  const roots = paths.length > 0 ? await Roots.of(paths) : undefined
  const known = (await knownIndexes(cache, roots)).map(({ location }) => location)
  if (roots && known.length === 0)
    throw new FoveaError('no-index', `no index of ${paths.join(' ')} yet; make one with "fovea index"`)
  return known
}

/** `fovea status [PATH...]`: what is kept, where, and how large it is. */
export async function status(paths: readonly string[], options: SharedOptions): Promise<number> {
  const term = terminal({ json: options.json ?? false })
  const locations = await locationsOf(paths, options)
  const results: unknown[] = []
  for (const location of locations) {
    const library = await reopen(location)
    try {
      results.push(await describe(library, term))
    } finally {
      await library.close()
    }
  }
  if (term.json) term.result(results)
  else if (locations.length === 0) term.print(`no index is kept in ${cacheFolder(process.env)}`)
  return exit.done
}

async function describe(library: Library, term: Terminal): Promise<unknown> {
  const state = await library.status()
  const problems: { uri: string; code: string; message: string }[] = []
  for await (const { uri, problem } of library.store.files()) if (problem) problems.push({ uri, ...problem })
  if (!term.json) {
    const places = library.roots.list.map((root) => root.path).join(', ')
    term.print(term.style('bold', safe(places)))
    const chosen = Object.entries(library.selection).map(([name, value]) => `${name} ${[value].flat().join(' ')}`)
    if (chosen.length > 0) term.print(`  selection  ${safe(chosen.join(', '))}`)
    term.print(`  index      ${library.location} (${megabytes(state.bytes)})`)
    term.print(
      `  files      ${state.files.toLocaleString('en')}, ${state.problems.toLocaleString('en')} could not be read`,
    )
    term.print(
      `  passages   ${state.passages.toLocaleString('en')} from ${state.characters.toLocaleString('en')} characters`,
    )
    if (state.vectors) term.print(`  vectors    ${state.vectors.count.toLocaleString('en')} of ${state.vectors.model}`)
    if (state.writer) term.print(`  writing    process ${state.writer.pid} on ${state.writer.host}`)
    for (const { uri, code, message } of problems.slice(0, 20))
      term.print(`  ${term.style('yellow', code.padEnd(10))} ${safe(uri)}: ${safe(message)}`)
    if (problems.length > 20) term.print(`  … and ${problems.length - 20} more; --json lists all`)
  }
  return { roots: library.roots.list, selection: library.selection, ...state, problems }
}

/** `fovea clear`: removes the indexes named; the files they are of are never touched. */
export async function clear(
  paths: readonly string[],
  options: SharedOptions & { readonly all?: boolean },
): Promise<number> {
  const term = terminal({ json: options.json ?? false })
  if (paths.length === 0 && !options.index && !options.all)
    throw new FoveaError('path-missing', 'say which index to remove: a path, --index FOLDER, or --all')
  const locations = await locationsOf(paths, options)
  const removed: { location: string; bytes: number }[] = []
  for (const location of locations) {
    const bytes = (await stat(join(location, 'store.sqlite')).catch(() => ({ size: 0 }))).size
    await removeIndex(location)
    removed.push({ location, bytes })
  }
  if (term.json) term.result({ removed })
  else for (const { location, bytes } of removed) term.print(`removed ${location} (${megabytes(bytes)})`)
  if (!term.json && removed.length === 0) term.print('there was nothing to remove')
  return exit.done
}
