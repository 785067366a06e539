import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { finished } from 'node:stream/promises'
import { parse } from 'yaml'
import { FoveaError, messageOf } from '../../../core/index.ts'
import {
  checkSpec,
  datasets,
  importModule,
  isModule,
  metrics,
  openResults,
  ownSpec,
  partsOf,
  quote,
  type Result,
  type ResultStore,
  readers,
  recommend,
  report,
  reportInput,
  reports,
  run,
  type Spec,
  systems,
  tasks,
} from '../../../measure/index.ts'
import { cacheFolder } from '../../../open.ts'
import { exit } from './exit.ts'
import { interruption, number, UsageError } from './session.ts'
import { leaderboard, settings } from './tables.ts'
import { type Terminal, terminal } from './terminal.ts'

export interface BenchOptions {
  readonly json?: boolean
  readonly list?: boolean
  readonly dryRun?: boolean
  readonly fresh?: boolean
  readonly reportOnly?: boolean
  readonly results?: string
  readonly report?: readonly string[]
  readonly threads: string
  readonly samples?: string
  readonly maxCost?: string
}

/** `fovea bench [SPEC.yaml | FOLDER]`. */
export async function bench(place: string | undefined, options: BenchOptions): Promise<number> {
  const term = terminal({ json: options.json ?? false })
  if (options.list) return list(term)
  if (!place)
    throw new UsageError('name a spec (a YAML file) or a folder of your own; --list shows what can be measured')
  const { spec, own } = await specOf(place, options)
  const wanted = (options.report ?? []).map(reportFor)
  const path = options.results ?? join(cacheFolder(process.env), 'bench', 'results.sqlite')
  const results = openResults(path)
  const stop = interruption(term)
  try {
    const surroundings = { data: process.env.FOVEA_DATA ?? '', environment: process.env, journal: `${path}.journal` }
    if (options.dryRun) return await tellQuote(spec, surroundings, term)
    await mkdir(dirname(path), { recursive: true })
    if (options.fresh && !options.reportOnly) results.remove(spec.name)
    const warned = new Set<string>()
    const made = options.reportOnly
      ? undefined
      : await run(spec, {
          ...surroundings,
          results,
          threads: number(options.threads, 'threads'),
          abortSignal: stop.signal,
          warn(message) {
            if (warned.size < 20 && !warned.has(message)) term.warn({ code: 'bench', uri: place, message })
            warned.add(message)
          },
          onProgress: ({ jobs, rows, label }) =>
            term.progress({
              stage: 'measuring',
              done: jobs.done,
              total: jobs.total,
              message: `${rows} results, ${label}`,
            }),
        })
    term.quiet()
    if (warned.size > 20) term.note(`${warned.size - 20} further warnings`)
    for (const { file, name } of wanted) await writeReport(file, name, spec, results, term)
    const advice = own ? recommend([...results.results(spec.name)]) : undefined
    if (term.json)
      term.result({ run: spec.name, results: path, ...made, ...(advice ? { recommendation: advice } : {}) })
    else {
      term.print(advice ? settings(advice) : leaderboard(results.results(spec.name)))
      if (advice) term.print(`\n${advice.text}`)
      if (made !== undefined && made.failures > 0) tellFailures(results.results(spec.name), term)
      if (made)
        term.note(
          `${made.rows} results made, ${made.before} were there${made.failures > 0 ? `, ${made.failures} failed` : ''}; kept in ${path}`,
        )
    }
    return made !== undefined && made.failures > 0 ? exit.partial : exit.done
  } catch (error) {
    if ((error as { name?: string })?.name === 'AbortError')
      term.note('what was measured is kept; the same command goes on from there')
    throw error
  } finally {
    term.quiet()
    stop.done()
    results.close()
  }
}

async function specOf(place: string, options: BenchOptions): Promise<{ spec: Spec; own: boolean }> {
  const facts = await stat(place).catch((cause) => {
    throw new FoveaError('path-missing', `${place}: ${messageOf(cause)}; check the path`, { cause })
  })
  const samples = options.samples === undefined ? undefined : number(options.samples, 'samples')
  const limit = options.maxCost === undefined ? {} : { maxCost: number(options.maxCost, 'max-cost', 0) }
  if (facts.isFile() && isModule(place)) {
    const spec = checkSpec((await importModule(place)).default, place)
    return { spec: { ...spec, ...(samples === undefined ? {} : { samples }), ...limit }, own: false }
  }
  const named = ['.yaml', '.yml', '.json'].includes(extname(place))
  if (facts.isDirectory() || !named) return { spec: { ...ownSpec(place, samples), ...limit }, own: true }
  let value: unknown
  try {
    value = parse(await readFile(place, 'utf8'))
  } catch (cause) {
    throw new FoveaError('spec-invalid', `${place} is no YAML: ${messageOf(cause)}`, { cause })
  }
  const spec = checkSpec(value, place)
  return { spec: { ...spec, ...(samples === undefined ? {} : { samples }), ...limit }, own: false }
}

async function tellQuote(spec: Spec, surroundings: Parameters<typeof partsOf>[1], term: Terminal): Promise<number> {
  const parts = await partsOf({ ...spec, haystack: [] }, surroundings, () => {})
  try {
    const found = await quote(spec, parts.readers)
    if (term.json) term.result(found)
    else {
      const more = found.unknown.length > 0 ? `, and all of ${found.unknown.join(', ')}` : ''
      term.print(
        `would measure ${found.samples.toLocaleString('en')} samples${more}: ${found.rows.toLocaleString('en')} results`,
      )
      term.print(
        found.calls === 0
          ? 'no model would be called'
          : `would call models ${found.calls.toLocaleString('en')} times with ${found.inputTokens.toLocaleString('en')} tokens, for ${found.cost === undefined ? 'a price that is not known here' : `at most about $${found.cost.toFixed(2)}`}`,
      )
    }
    return exit.done
  } finally {
    for (const reader of parts.readers) await reader?.close?.()
  }
}

/** The report that a file's ending asks for, known before anything is measured. */
function reportFor(file: string): { readonly file: string; readonly name: string } {
  const ending = extname(file).slice(1)
  const entry = reports.find(({ meta }) => meta.ending === ending || meta.name === ending)
  if (entry) return { file, name: entry.meta.name }
  throw new UsageError(
    `--report ${file}: the ending must be one of ${reports.map(({ meta }) => meta.ending).join(', ')}`,
  )
}

async function writeReport(
  file: string,
  name: string,
  spec: Spec,
  results: ResultStore,
  term: Terminal,
): Promise<void> {
  const out = createWriteStream(file)
  for await (const piece of report(name, reportInput(results, spec.title ?? spec.name, spec.name)))
    if (!out.write(piece)) await once(out, 'drain')
  out.end()
  await finished(out)
  term.note(`wrote ${file}`)
}

function list(term: Terminal): number {
  const kinds = { tasks, datasets, systems, readers, metrics, reports } as const
  if (term.json) {
    const named = Object.entries(kinds).map(([kind, entries]) => [kind, entries.map(({ meta }) => meta)])
    term.result(Object.fromEntries(named))
    return exit.done
  }
  for (const [kind, entries] of Object.entries(kinds)) {
    term.print(term.style('bold', kind))
    for (const { meta } of entries) term.print(`  ${meta.name.padEnd(24)} ${meta.summary}`)
  }
  return exit.done
}

/** Each kind of failure once, with how many results and which systems it concerns. */
function tellFailures(rows: Iterable<Result>, term: Terminal): void {
  const kinds = new Map<string, { count: number; readonly systems: Set<string> }>()
  for (const { failure, system } of rows) {
    if (failure === undefined) continue
    const kind = kinds.get(failure) ?? { count: 0, systems: new Set<string>() }
    kinds.set(failure, kind)
    kind.count++
    kind.systems.add(system)
  }
  const often = [...kinds].sort((one, other) => other[1].count - one[1].count)
  for (const [failure, { count, systems }] of often.slice(0, 5))
    term.note(`${count} failed (${[...systems].join(', ')}): ${failure}`)
  if (often.length > 5) term.note(`and ${often.length - 5} other kinds of failure`)
}
