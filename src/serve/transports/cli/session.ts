import type { Command } from 'commander'
import type { Filter, Warning } from '../../../core/index.ts'
import { cacheFolder, knownIndexes, type Library, open, type RefreshReport, reopen } from '../../../open.ts'
import { exit } from './exit.ts'
import { type Terminal, terminal } from './terminal.ts'

/** Options that several commands share, as commander hands them over. */
export interface SharedOptions {
  readonly json?: boolean
  readonly index?: string
  readonly include?: string[]
  readonly exclude?: string[]
  readonly hidden?: boolean
  readonly refresh?: boolean
  readonly wait?: string
  readonly language?: string[]
  readonly type?: string[]
  readonly after?: string
  readonly before?: string
}

/** What commander calls for an option that may be repeated. */
export const list = (value: string, before: string[] = []): string[] => [...before, value]

export const withJson = (command: Command): Command =>
  command.option('--json', 'print the result as JSON, with exact spans')

export function withIndex(command: Command): Command {
  return withJson(command)
    .option('--index <folder>', 'keep the index in this folder instead of the cache folder')
    .option('--include <glob>', 'take only matching files (may be repeated)', list)
    .option('--exclude <glob>', 'leave matching files and folders out (may be repeated)', list)
    .option('--hidden', 'take hidden files too')
    .option('--language <tag>', 'language to stem words for, such as en or de (may be repeated)', list)
    .option('--wait <seconds>', 'how long to wait while another process writes the index', '10')
}

export function withFilter(command: Command): Command {
  return command
    .option('--no-refresh', 'answer from the index as it is, without looking for changed files')
    .option('--type <media-type>', 'only sources of this type, such as text/markdown or text/* (may be repeated)', list)
    .option('--after <date>', 'only sources from this date on (2026-01-31 or ISO 8601)')
    .option('--before <date>', 'only sources before this date')
}

export class UsageError extends Error {}

const date = (value: string, name: string): number => {
  const time = Date.parse(value)
  if (Number.isNaN(time)) throw new UsageError(`--${name} ${value}: not a date; write it as 2026-01-31`)
  return time
}

export function filterOf(options: SharedOptions): Filter | undefined {
  const filter: Filter = {
    ...(options.type ? { types: options.type } : {}),
    ...(options.after ? { after: date(options.after, 'after') } : {}),
    ...(options.before ? { before: date(options.before, 'before') } : {}),
  }
  return Object.keys(filter).length > 0 ? filter : undefined
}

export const number = (value: string, name: string, least = 1): number => {
  const parsed = Number(value)
  if (!Number.isFinite(parsed) || parsed < least)
    throw new UsageError(`--${name} ${value}: a number of at least ${least} is needed`)
  return parsed
}

export interface Session {
  readonly library: Library
  readonly report: RefreshReport | undefined
  readonly term: Terminal
  readonly abortSignal: AbortSignal
  /** From now on the first Ctrl-C only calls this, where it returns true; the next one stops the work. */
  softly(stop: () => boolean): void
  /** 0, or 3 when some files could not be read. */
  readonly exitCode: number
}

/** Opens the index of some paths, brings it up to date, runs `work`, and closes; Ctrl-C stops cleanly. */
export async function session(
  paths: readonly string[],
  options: SharedOptions,
  work: (session: Session) => Promise<number>,
  force = false,
): Promise<number> {
  const term = terminal({ json: options.json ?? false })
  const stop = interruption(term)
  const library = await open(paths, {
    ...(options.index ? { index: options.index } : {}),
    ...(options.language ? { languages: options.language } : {}),
    ...(options.include ? { include: options.include } : {}),
    ...(options.exclude ? { exclude: options.exclude } : {}),
    ...(options.hidden ? { hidden: true } : {}),
    display: (uri, roots) => roots.display(uri, process.cwd()),
  })
  try {
    const report = options.refresh === false ? undefined : await bringUp(library, options, term, stop.signal, force)
    term.quiet()
    for (const warning of report ? [...report.problems, ...report.warnings] : [])
      if (force || report!.read > 0) term.warn(named(library, warning))
    const exitCode = report && report.problems.length > 0 ? exit.partial : exit.done
    return await work({ library, report, term, abortSignal: stop.signal, softly: stop.softly, exitCode })
  } finally {
    term.quiet()
    stop.done()
    await library.close()
  }
}

const named = (library: Library, warning: Warning): Warning => {
  const shown = library.roots.display(warning.uri, process.cwd())
  return warning.message.includes(shown) || warning.message.includes(warning.uri)
    ? warning
    : { ...warning, message: `${shown}: ${warning.message}` }
}

async function bringUp(
  library: Library,
  options: SharedOptions,
  term: Terminal,
  abortSignal: AbortSignal,
  force: boolean,
): Promise<RefreshReport> {
  return library.refresh({
    wait: number(options.wait ?? '10', 'wait', 0) * 1000,
    onProgress: (progress) => term.progress(progress),
    abortSignal,
    force,
  })
}

/** The first Ctrl-C asks the work to stop; a second one ends the process. A soft stop, where there is one, comes before both. */
export function interruption(term: Terminal): {
  readonly signal: AbortSignal
  softly(stop: () => boolean): void
  done(): void
} {
  const controller = new AbortController()
  let soft: (() => boolean) | undefined
  const handler = (): void => {
    const stop = soft
    soft = undefined
    if (stop?.()) return
    if (controller.signal.aborted) process.exit(exit.interrupted)
    term.quiet()
    controller.abort(
      new DOMException('stopped; what was read is kept, and the same command goes on from there', 'AbortError'),
    )
  }
  process.on('SIGINT', handler)
  process.on('SIGTERM', handler)
  return {
    signal: controller.signal,
    softly(stop) {
      soft = stop
    },
    done() {
      process.off('SIGINT', handler)
      process.off('SIGTERM', handler)
    },
  }
}

/** The index whose places hold a path: the given one, or the one in the cache with the innermost root. */
export async function libraryHolding(path: string, options: SharedOptions): Promise<Library | undefined> {
  const display = (uri: string, roots: Library['roots']): string => roots.display(uri, process.cwd())
  if (options.index) return reopen(options.index, { display })
  const holding = (await knownIndexes(cacheFolder(process.env)))
    .filter(({ roots }) => roots.find(path) !== undefined)
    .sort((a, b) => depth(b.roots.list) - depth(a.roots.list))
  return holding[0] ? reopen(holding[0].location, { display }) : undefined
}

const depth = (roots: readonly { readonly path: string }[]): number =>
  Math.max(...roots.map((root) => root.path.length))
