import { FoveaError, loadLeaf, messageOf, type TokenCounter, type Usage } from '../core/index.ts'
import type { PortableAnalyzer } from '../store/index.ts'
import { isModule, systemModule } from './adapters/modules.ts'
import { answersIn } from './answers.ts'
import { datasets, metrics, systems, tasks } from './catalog.ts'
import type {
  Corpus,
  Haystack,
  Judge,
  Metric,
  MetricMeta,
  MetricParts,
  Origin,
  Outcome,
  Output,
  Reader,
  Result,
  Sample,
  Shelf,
  Stage,
  System,
  View,
} from './contract.ts'
import { promptOf } from './corpus.ts'
import { type Perturbation, perturbed } from './generators/perturb.ts'
import { ledgerOf } from './ledger.ts'
import { outcomeOf } from './outcome.ts'
import { shelfOf } from './shelf.ts'
import { type Budget, budgetOf, type Job, type Spec, systemsOf } from './spec.ts'

export interface JobParts {
  readonly spec: Spec
  readonly counter: TokenCounter
  readonly analyzer: PortableAnalyzer
  readonly haystack: Haystack
  /** Undefined: nobody reads what was chosen. */
  readonly readers: readonly (Reader | undefined)[]
  readonly data: string
  readonly judge?: Judge & { close?(): Promise<void> }
  /** Whether a row is there already. */
  done(key: string): boolean
  warn(message: string): void
  readonly abortSignal?: AbortSignal
}
export interface Row {
  readonly result: Result
  readonly view?: View
}

interface Measure {
  readonly meta: MetricMeta
  readonly metric: Metric
}
interface Choice {
  readonly label: string
  readonly system: System
  readonly answers: boolean
}

/** Longest text of a sample that is kept to be looked at, in UTF-16 units. */
const longestView = 400_000
const standard = ['recall', 'all-gold', 'mrr', 'answer-kept', 'characters-kept']

/** Does one job, sample by sample; what is done already is passed over. Rows come in no order where a model is asked. */
export async function* runJob(job: Job, parts: JobParts): AsyncGenerator<Row> {
  const { spec } = parts
  const { samples: made, own } = await samplesFor(job, parts)
  const samples = job.perturb ? perturbed(made, job.perturb as Perturbation, job.seed) : made
  const refusals = job.perturb ? ['abstained', 'over-refusal'] : []
  const measures = await measuresOf([...standard, ...own, ...refusals, ...(spec.metrics ?? [])])
  const choices = await choicesOf(spec)
  const budgets = (spec.budgets ?? ['10%']).map(budgetOf)
  const viewed = new Map<string, number>()
  let shelf: Shelf | undefined
  let corpus: Corpus | undefined
  const waiting = new Set<Promise<Row[]>>()
  const most = Math.max(1, parts.readers.some((reader) => reader?.origin === 'model') ? (spec.concurrency ?? 4) : 1)
  const ready: Row[] = []
  const unmet = new Set(job.cells)
  for await (const sample of samples) {
    parts.abortSignal?.throwIfAborted()
    unmet.delete(sample.cell)
    if (sample.corpus !== corpus) {
      corpus = sample.corpus
      shelf = shelfOf(corpus, parts.analyzer, parts.counter)
    }
    const work = runSample(job, sample, shelf!, choices, budgets, measures, viewed, parts)
    const settled = work.then((rows) => {
      ready.push(...rows)
      waiting.delete(settled)
      return rows
    })
    waiting.add(settled)
    if (waiting.size >= most) await Promise.race(waiting)
    yield* ready.splice(0)
  }
  await Promise.all(waiting)
  yield* ready
  for (const cell of unmet) parts.warn(`${job.name} has no sample of the cell "${cell}"`)
}

async function samplesFor(job: Job, parts: JobParts) {
  const signal = parts.abortSignal ? { abortSignal: parts.abortSignal } : {}
  if (job.kind === 'task') {
    const { meta } = tasks.find((entry) => entry.meta.name === job.name)!
    const task = await loadLeaf(tasks, job.name)
    const samples = task({
      seed: job.seed,
      samples: job.samples ?? 20,
      length: job.length,
      counter: parts.counter,
      haystack: parts.haystack,
      data: parts.data,
      options: { ...meta.options, ...job.options },
      ...(job.depth === undefined ? {} : { depth: job.depth }),
      ...signal,
    })
    return { samples, own: meta.metrics }
  }
  const { meta } = datasets.find((entry) => entry.meta.name === job.name)!
  const dataset = await loadLeaf(datasets, job.name)
  const samples = dataset({
    data: job.data ?? parts.data,
    options: job.options,
    ...(job.cells ? { cells: job.cells } : {}),
    ...(job.samples === undefined ? {} : { samples: job.samples }),
    warn: ({ path, line, message }) => parts.warn(`${path}${line === undefined ? '' : `:${line}`}: ${message}`),
    ...signal,
  })
  return { samples, own: meta.metrics }
}

async function measuresOf(names: readonly string[]): Promise<Measure[]> {
  return Promise.all(
    [...new Set(names)].map(async (name) => ({
      metric: await loadLeaf(metrics, name),
      meta: metrics.find((entry) => entry.meta.name === name)!.meta,
    })),
  )
}

async function choicesOf(spec: Spec): Promise<Choice[]> {
  return Promise.all(
    systemsOf(spec).map(async ({ system, label, options }) => {
      if (isModule(system)) {
        const { make, answers } = await systemModule(system)
        return { label, system: await make(options), answers }
      }
      const make = await loadLeaf(systems, system)
      const { answers } = systems.find(({ meta }) => meta.name === system)!.meta
      return { label, system: await make(options), answers }
    }),
  )
}

function tokensFor(budget: Budget, shelf: Shelf): number {
  if ('none' in budget) return 0
  if ('all' in budget) return Number.MAX_SAFE_INTEGER
  return 'share' in budget ? budget.share * shelf.tokens() : budget.tokens
}

async function runSample(
  job: Job,
  sample: Sample,
  shelf: Shelf,
  choices: readonly Choice[],
  budgets: readonly Budget[],
  measures: readonly Measure[],
  viewed: Map<string, number>,
  parts: JobParts,
): Promise<Row[]> {
  const rows: Row[] = []
  for (const choice of choices)
    for (const budget of budgets) {
      // What is chosen is chosen once, whoever reads it.
      let chosen: Output | undefined
      let spent = 0
      for (const reader of parts.readers) {
        const name = reader?.name ?? 'none'
        const key = [job.label, job.length, job.seed, sample.id, choice.label, budget.label, name].join('|')
        if (parts.done(key)) continue
        const started = performance.now()
        let output: Output
        try {
          if (choice.answers || !chosen) {
            const port = choice.answers && reader ? { reader: await reader.port(sample, job.seed) } : {}
            const signal = parts.abortSignal ? { abortSignal: parts.abortSignal } : {}
            output = await choice.system.run(sample, {
              shelf,
              budget: tokensFor(budget, shelf),
              seed: job.seed,
              ...port,
              ...signal,
            })
            if (!choice.answers) [chosen, spent] = [output, performance.now() - started]
          } else output = chosen
          if (reader && !choice.answers && output.pack) output = await readBy(reader, sample, output, job.seed, parts)
        } catch (error) {
          parts.abortSignal?.throwIfAborted()
          if (FoveaError.is(error, 'over-cost')) throw error
          // A model that was never asked this has no result.
          if (FoveaError.is(error, 'no-output')) continue
          output = { failure: { code: FoveaError.is(error) ? error.code : 'fault', message: messageOf(error) } }
        }
        const milliseconds = performance.now() - started + (output === chosen ? 0 : spent)
        const origin: Origin = reader ? reader.origin : 'computed'
        const row = await rowOf(
          job,
          sample,
          shelf,
          choice,
          budget,
          name,
          origin,
          output,
          measures,
          key,
          milliseconds,
          parts,
        )
        const cell = `${job.label} ${job.length} ${sample.cell} ${choice.label} ${budget.label} ${name}`
        const seen = viewed.get(cell) ?? 0
        const view = seen < (parts.spec.views ?? 2) ? viewOf(sample, output, row) : undefined
        if (view) viewed.set(cell, seen + 1)
        rows.push({ result: row, ...(view ? { view } : {}) })
      }
    }
  return rows
}

/** Shows a reader what was chosen. */
async function readBy(reader: Reader, sample: Sample, output: Output, seed: number, parts: JobParts): Promise<Output> {
  const pack = output.pack!
  const prompt = promptOf(sample, pack.text)
  const port = await reader.port(sample, seed)
  const signal = parts.abortSignal ? { abortSignal: parts.abortSignal } : {}
  const reply = await port.generate({ intent: 'answer', prompt, ...signal })
  const visible = reader.visible?.(prompt)
  if (!visible) return { ...output, said: reply.text, usage: reply.usage }
  const before = prompt.indexOf(pack.text)
  const left = pack.kept.flatMap((passage, index) => {
    const [start, end] = pack.ranges[index]!
    return visible.some((range) => range[0] <= before + start && before + end <= range[1]) ? passage.spans : []
  })
  const cut: Stage = {
    name: 'window',
    left:
      visible.length === 1 && visible[0]![1] === prompt.length
        ? spansOf(pack.kept)
        : partly(pack, before, visible, left),
  }
  return { ...output, said: reply.text, usage: reply.usage, stages: [...(output.stages ?? packed(output)), cut] }
}

const spansOf = (passages: readonly { readonly spans: readonly Stage['left'][number][] }[]): Stage['left'] =>
  passages.flatMap(({ spans }) => spans)
const packed = ({ pack }: Output): Stage[] => (pack ? [{ name: 'pack', left: spansOf(pack.kept) }] : [])

/** What is left of passages of one span that a window cuts through. */
function partly(
  pack: NonNullable<Output['pack']>,
  before: number,
  visible: readonly (readonly [number, number])[],
  whole: Stage['left'],
): Stage['left'] {
  const parts = [...whole]
  for (const [index, { spans }] of pack.kept.entries()) {
    const [start, end] = pack.ranges[index]!
    const [span] = spans
    if (spans.length !== 1 || end - start !== span.end - span.start) continue
    for (const [from, to] of visible) {
      const low = Math.max(start + before, from) - start - before
      const high = Math.min(end + before, to) - start - before
      if (low < high) parts.push({ source: span.source, start: span.start + low, end: span.start + high })
    }
  }
  return parts
}

/** A judge that cannot make up its mind costs a score, not the run. */
async function measured(
  metric: Metric,
  outcome: Outcome,
  parts: MetricParts,
  warn: (why: string) => void,
): Promise<number | undefined> {
  try {
    return await metric(outcome, parts)
  } catch (error) {
    if (FoveaError.is(error, 'over-cost') || !FoveaError.is(error)) throw error
    warn(error.message)
    return undefined
  }
}

async function rowOf(
  job: Job,
  sample: Sample,
  shelf: Shelf,
  choice: Choice,
  budget: Budget,
  reader: string,
  origin: Origin,
  output: Output,
  measures: readonly Measure[],
  key: string,
  milliseconds: number,
  { spec, judge, warn }: JobParts,
): Promise<Result> {
  const outcome = await outcomeOf(sample, output, shelf)
  const scores: Record<string, number> = {}
  for (const { meta, metric } of measures) {
    const depths = meta.atDepth ? (spec.ranks ?? [1, 5, 10, 20]) : [undefined]
    for (const depth of depths) {
      const value = await measured(
        metric,
        outcome,
        { ...(depth === undefined ? {} : { depth }), ...(judge ? { judge } : {}) },
        (why) => warn(`${meta.name} has no score for ${sample.id}: ${why}`),
      )
      if (value !== undefined) scores[depth === undefined ? meta.name : `${meta.name}@${depth}`] = value
    }
  }
  if (sample.check && output.said !== undefined)
    for (const [name, value] of Object.entries(sample.check(output.said))) scores[name] = value
  const stages = output.stages ?? packed(output)
  const said = output.said
  const tells = said === undefined ? undefined : answersIn(said)
  const ledger =
    sample.evidence.length > 0 && stages.length > 0
      ? ledgerOf(
          sample,
          stages,
          (index) =>
            tells &&
            sample.answers.some((forms, group) => (sample.needs?.[group]?.includes(index) ?? true) && tells(forms)),
        )
      : undefined
  const usage: Usage | undefined = output.usage
  return {
    key,
    run: spec.name,
    task: job.label,
    cell: sample.cell,
    sample: sample.id,
    system: choice.label,
    budget: budget.label,
    reader,
    origin,
    seed: job.seed,
    length: job.length || (sample.length ?? 0),
    tags: sample.tags,
    scores,
    tokens: { pack: output.pack?.tokens.count ?? 0, whole: sample.tokens ?? (output.pack ? shelf.tokens() : 0) },
    milliseconds: Math.round(milliseconds * 100) / 100,
    ...(ledger ? { ledger } : {}),
    ...(usage ? { usage } : {}),
    ...(output.failure ? { failure: `${output.failure.code}: ${output.failure.message}` } : {}),
    ...(sample.unresolved ? { unresolved: sample.unresolved } : {}),
  }
}

function viewOf(sample: Sample, output: Output, row: Result): View | undefined {
  const { sources } = sample.corpus
  const length = sources.reduce((sum, { text }) => sum + text.length, 0)
  if (length > longestView || !output.pack) return undefined
  const number = new Map(sources.map(({ id }, index) => [id, index]))
  const places = (spans: Stage['left']) =>
    spans.flatMap(({ source, start, end }) => {
      const at = number.get(source)
      return at === undefined ? [] : [[at, start, end] as const]
    })
  return {
    key: row.key,
    task: row.task,
    cell: row.cell,
    system: row.system,
    budget: row.budget,
    question: sample.question,
    answers: sample.answers,
    ...(output.said === undefined ? {} : { said: output.said }),
    sources: sources.map(({ uri, text }) => ({ uri, text })),
    evidence: places(sample.evidence),
    kept: places(spansOf(output.pack.kept)),
    scores: row.scores,
  }
}
