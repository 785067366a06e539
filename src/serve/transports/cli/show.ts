import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { FoveaError, parseCitation } from '../../../core/index.ts'
import type { Library } from '../../../open.ts'
import { exit } from './exit.ts'
import { libraryHolding, number, type SharedOptions } from './session.ts'
import { safe, type Terminal, terminal } from './terminal.ts'

/** `fovea show CITATION`: the source around a citation, from the index. */
export async function show(citation: string, options: SharedOptions & { readonly context: string }): Promise<number> {
  const term = terminal({ json: options.json ?? false })
  const target = parseCitation(citation)
  const absolute = resolve(target.uri)
  const path = await realpath(absolute).catch(async () =>
    join(await realpath(dirname(absolute)).catch(() => dirname(absolute)), basename(absolute)),
  )
  const library = await libraryHolding(path, options)
  if (!library)
    throw new FoveaError(
      'no-index',
      `no index holds ${target.uri}; make one with "fovea index ${dirname(target.uri)}"`,
      { detail: { path } },
    )
  try {
    const shown = await library.show(citation, number(options.context, 'context', 0), () => library.roots.find(path))
    const changed = await changeOf(library, shown.uri)
    if (term.json) {
      const { source, ...rest } = shown
      term.result({
        citation,
        ...rest,
        title: source.title,
        mediaType: source.mediaType,
        places: source.places,
        changed: changed ?? false,
      })
    } else {
      if (changed)
        term.warn({
          code: 'changed',
          uri: shown.uri,
          message: `${target.uri} ${changed} since it was read; this is the text as it was`,
        })
      term.print(term.style('cyan', safe(citation)))
      printLines(
        term,
        shown.before,
        shown.firstLine === undefined ? undefined : shown.firstLine - count(shown.before),
        false,
      )
      printLines(term, shown.text, shown.firstLine, true)
      printLines(
        term,
        shown.after,
        shown.firstLine === undefined ? undefined : shown.firstLine + count(shown.text),
        false,
      )
    }
    return exit.done
  } finally {
    await library.close()
  }
}

const count = (text: string): number => text.split('\n').length - 1

function printLines(term: Terminal, text: string, first: number | undefined, cited: boolean): void {
  if (text === '') return
  const lines = safe(text)
    .replace(/^\n|\n$/g, '')
    .split('\n')
  const skipped = text.startsWith('\n') ? 1 : 0
  for (const [index, line] of lines.entries()) {
    const label = first === undefined ? '' : `${String(first + skipped + index).padStart(5)} `
    term.print(cited ? `${term.style('green', '>')} ${label}${line}` : `  ${term.style('dim', `${label}${line}`)}`)
  }
}

/** How the file differs from what was read, or undefined when it does not. */
async function changeOf(library: Library, uri: string): Promise<string | undefined> {
  const path = library.roots.path(uri)
  const record = await library.store.file(uri)
  if (!path || !record) return undefined
  const now = await stat(path).catch(() => undefined)
  if (!now) return 'has been removed'
  if (now.size === record.size && now.mtimeMs === record.modified) return undefined
  if (now.size !== record.size) return 'has changed'
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex') === record.hash ? undefined : 'has changed'
}
