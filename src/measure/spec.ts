import { FoveaError } from '../core/index.ts'
import { besideFile, isModule, moduleName } from './adapters/modules.ts'
import { datasets, tasks } from './catalog.ts'
import type { Options, Tag } from './contract.ts'
import { perturbations } from './generators/perturb.ts'
import { alwaysDrawn } from './lines.ts'

/** What to measure, as a file of YAML or a value: tasks and data sets by systems by budgets by readers by seeds. */
export interface Spec {
  readonly name: string
  /** What reports are headed with. Default: the name. */
  readonly title?: string
  /** Encoding or model whose tokens count. Default `o200k_base`. */
  readonly tokenizer?: string
  /** Files or folders whose prose hides the needles. Default: a data set of essays, else plain noise. */
  readonly haystack?: string | readonly string[]
  readonly tasks: readonly (string | Entry)[]
  /** Tokens of a prompt, for tasks that take a length: 4096 or `4k`. Default 4096. */
  readonly lengths?: readonly (number | string)[]
  /** Samples of a task at each length and seed (default 20), and most samples of each cell of a data set (default all). */
  readonly samples?: number
  readonly systems: readonly (string | SystemEntry)[]
  /** The lines that show what a figure is worth (head, random, oracle, plain BM25) are drawn too. Default true. */
  readonly lines?: boolean
  /** Tokens that a system may hand on: `10%` of the text, 4000, `all`, or `none` to rank alone. Default `10%`. */
  readonly budgets?: readonly (number | string)[]
  /** `none`, `simulated/8k`, `model/openai/gpt-5`. Default `none`. */
  readonly readers?: readonly string[]
  readonly seeds?: readonly number[]
  /** Metrics beside those of the tasks. */
  readonly metrics?: readonly string[]
  /** Depths k of ranking metrics. Default 1, 5, 10, 20. */
  readonly ranks?: readonly number[]
  /** US dollars that models may cost in all. */
  readonly maxCost?: number
  /** Calls of a model in flight. Default 4. */
  readonly concurrency?: number
  /** Samples of each cell and system that are kept to be looked at. Default 2. */
  readonly views?: number
  /** Who judges where a metric needs it: `program`, or `model/openai/gpt-5`. Default: nobody. */
  readonly judge?: string
}
export interface Entry {
  readonly task?: string
  readonly dataset?: string
  /** Folder or file of a data set that is not below the data folder. */
  readonly data?: string
  readonly cells?: readonly string[]
  readonly lengths?: readonly (number | string)[]
  readonly samples?: number
  /** Shares of the text before what is hidden; each makes a cell of a grid. */
  readonly depths?: readonly number[]
  readonly options?: Options
  /** One of the perturbations, done to each sample. */
  readonly perturb?: string
}
export interface SystemEntry {
  /** A leaf's name, or the path of a module whose default export is a system's factory. */
  readonly system: string
  /** What reports call it. Default: its name and options. */
  readonly label?: string
  readonly [option: string]: Tag | undefined
}

/** One stretch of work: a task at one length, depth and seed, or a data set, by all systems. */
export interface Job {
  readonly kind: 'task' | 'dataset'
  readonly name: string
  readonly length: number
  readonly samples?: number
  readonly depth?: number
  readonly seed: number
  readonly cells?: readonly string[]
  readonly data?: string
  readonly options: Options
  readonly perturb?: string
  /** Unique in a run. */
  readonly label: string
}
export interface SystemChoice {
  readonly system: string
  readonly label: string
  readonly options: Options
}
export type Budget = { readonly label: string } & (
  | { readonly share: number }
  | { readonly tokens: number }
  | { readonly none: true }
  | { readonly all: true }
)

const invalid = (message: string): FoveaError => new FoveaError('spec-invalid', message)

/** Tokens of `4096`, `4k`, `128k` or `1M`; k is 1,024. */
export function tokensOf(value: number | string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kKmM]?)$/.exec(String(value).trim()) ?? []
  if (number === undefined) throw invalid(`"${value}" is no number of tokens; write 4096, 4k or 1M`)
  return Math.round(Number(number) * { '': 1, k: 1024, m: 1024 * 1024 }[unit.toLowerCase()]!)
}

export function budgetOf(value: number | string): Budget {
  const label = String(value).trim()
  if (label === 'none') return { label, none: true }
  if (label === 'all') return { label, all: true }
  const [, percent] = /^(\d+(?:\.\d+)?)\s*%$/.exec(label) ?? []
  if (percent !== undefined) return { label, share: Number(percent) / 100 }
  return { label, tokens: tokensOf(value) }
}

const optionsText = (options: Options): string => {
  const parts = Object.entries(options).map(([name, value]) => `${name}=${value}`)
  return parts.length === 0 ? '' : `(${parts.sort().join(', ')})`
}

export function systemsOf({ systems, lines = true }: Spec): SystemChoice[] {
  const chosen = systems.map((entry): SystemChoice => {
    const named = (name: string): string => (isModule(name) ? moduleName(name) : name)
    if (typeof entry === 'string') return { system: entry, label: named(entry), options: {} }
    const { system, label, ...rest } = entry
    const options = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Options
    return { system, label: label ?? `${named(system)}${optionsText(options)}`, options }
  })
  const always = lines ? alwaysDrawn.filter((name) => !chosen.some(({ label }) => label === name)) : []
  return [...chosen, ...always.map((name): SystemChoice => ({ system: name, label: name, options: {} }))]
}

export function jobsOf(spec: Spec): Job[] {
  const { seeds = [42], lengths = [4096], samples } = spec
  const jobs: Job[] = []
  for (const given of spec.tasks) {
    const entry = typeof given === 'string' ? entryOf(given) : given
    const options = entry.options ?? {}
    const own = entry.samples ?? samples
    const counted = own === undefined ? {} : { samples: own }
    const perturb = entry.perturb === undefined ? {} : { perturb: entry.perturb }
    if (entry.dataset) {
      const { cells, data } = entry
      const label = `${entry.dataset}${optionsText({ ...options, ...perturb })}`
      const place = { ...(cells ? { cells } : {}), ...(data ? { data } : {}) }
      for (const seed of seeds)
        jobs.push({
          kind: 'dataset',
          name: entry.dataset,
          length: 0,
          seed,
          options,
          label,
          ...counted,
          ...place,
          ...perturb,
        })
      continue
    }
    const name = entry.task!
    for (const length of entry.lengths ?? lengths)
      for (const depth of entry.depths ?? [undefined])
        for (const seed of seeds) {
          const at = depth === undefined ? {} : { depth }
          const tokens = tokensOf(length)
          const label = `${name}${optionsText({ ...options, ...at, ...perturb })}`
          jobs.push({ kind: 'task', name, length: tokens, samples: own ?? 20, seed, options, label, ...at, ...perturb })
        }
  }
  return jobs
}

function entryOf(name: string): Entry {
  if (tasks.some(({ meta }) => meta.name === name)) return { task: name }
  if (datasets.some(({ meta }) => meta.name === name)) return { dataset: name }
  throw invalid(`there is no task or data set "${name}"; "fovea bench --list" shows what there is`)
}

const lists = ['tasks', 'systems', 'lengths', 'budgets', 'readers', 'seeds', 'metrics', 'ranks'] as const
const known = new Set<string>([
  ...lists,
  'name',
  'title',
  'tokenizer',
  'haystack',
  'samples',
  'lines',
  'maxCost',
  'concurrency',
  'views',
  'judge',
])

/** Checks what was read from a file. Throws `spec-invalid`, naming the place and what to write. */
export function checkSpec(value: unknown, place: string): Spec {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`${place}: a spec is a map with name, tasks and systems`)
  const spec = value as Record<string, unknown>
  for (const key of Object.keys(spec))
    if (!known.has(key)) throw invalid(`${place}: "${key}" is no part of a spec; there are ${[...known].join(', ')}`)
  if (typeof spec.name !== 'string' || spec.name.trim() === '') throw invalid(`${place}: give the run a name`)
  for (const key of lists)
    if (spec[key] !== undefined && !Array.isArray(spec[key])) throw invalid(`${place}: "${key}" is a list`)
  for (const key of ['tasks', 'systems'] as const)
    if (!Array.isArray(spec[key]) || spec[key].length === 0) throw invalid(`${place}: "${key}" must name at least one`)
  const whole = spec as unknown as Spec
  for (const entry of whole.tasks) {
    if (typeof entry === 'string') entryOf(entry)
    else if (!entry || (entry.task === undefined) === (entry.dataset === undefined))
      throw invalid(`${place}: an entry of "tasks" names a task or a dataset`)
    else entryOf((entry.task ?? entry.dataset)!)
    const perturb = typeof entry === 'string' ? undefined : entry.perturb
    if (perturb !== undefined && !perturbations.some((name) => name === perturb))
      throw invalid(`${place}: "${perturb}" is no perturbation; choose one of ${perturbations.join(', ')}`)
  }
  for (const entry of whole.systems)
    if (typeof entry !== 'string' && typeof entry?.system !== 'string')
      throw invalid(`${place}: an entry of "systems" is a name, or a map with "system"`)
  for (const length of whole.lengths ?? []) tokensOf(length)
  for (const budget of whole.budgets ?? []) budgetOf(budget)
  const found = (name: string): string => (isModule(name) ? besideFile(name, place) : name)
  return {
    ...whole,
    systems: whole.systems.map((entry) =>
      typeof entry === 'string' ? found(entry) : { ...entry, system: found(entry.system) },
    ),
  }
}

export const invalidReader = (name: string, kinds: readonly string[]): FoveaError =>
  invalid(`"${name}" names no reader; write ${kinds.map((kind) => `${kind}/NAME`).join(' or ')}, or none`)
