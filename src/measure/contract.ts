import type { Citation, LeafMeta, Pack, Passage, Source, Span, TokenCounter, Usage } from '../core/index.ts'
import type { ModelPort } from '../model/index.ts'
import type { Searchable } from '../store/index.ts'

export type Tag = string | number | boolean
/** What a sample is, as data: its length, depth, ability, category. Reports split by it. */
export type Tags = Readonly<Record<string, Tag>>
export type Options = Tags

/** A passage as the makers of the data cut it. `plain` is the same for baselines that do not split identifiers. */
export interface Unit extends Span {
  readonly plain?: string
}

/** What is read together. Samples that share one follow each other and hold the same object. */
export interface Corpus {
  readonly id: string
  /** In reading order; a chat's sessions or a stream's turns are Sources of their own. */
  readonly sources: readonly Source[]
  /** In reading order: what retrieval is measured over. Without units the lab's own splitter cuts. */
  readonly units?: readonly Unit[]
}

/** One question with what counts as right. */
export interface Sample {
  /** Unique among the samples of its task or dataset for one seed and length. */
  readonly id: string
  /** Row of a report that it counts for. */
  readonly cell: string
  readonly corpus: Corpus
  /** What a reader is told before the text. */
  readonly instruction?: string
  /** Worked examples, which stand between the text and the question. */
  readonly examples?: string
  readonly question: string
  /** What stands behind the question: the form of the answer, or its first words. */
  readonly cue?: string
  readonly choices?: readonly string[]
  /** Every group must be said, in any one of its forms. None: nothing can be right but to abstain. */
  readonly answers: readonly (readonly string[])[]
  readonly evidence: readonly Span[]
  /** For each group of answers, the evidence it rests on, by index. Default: all of it. */
  readonly needs?: readonly (readonly number[])[]
  /** Parts of the question, with what answers each: what a text that is handed on should cover. */
  readonly questions?: readonly SubQuestion[]
  /** Text that looks like evidence and is none, with what it would lead a reader to say. */
  readonly distractors?: readonly Distractor[]
  /** Pieces of published evidence that stand nowhere in the corpus. */
  readonly unresolved?: number
  /** Sources that are there when the question is asked, from the first. Default: all. */
  readonly delivered?: number
  readonly tags: Tags
  /** Tokens of the whole prompt, where the task was asked for a length. */
  readonly tokens?: number
  /** The length in tokens that published files class it under. */
  readonly length?: number
  /** What real models said to it, by their names, where that was published. */
  readonly stored?: Readonly<Record<string, string>>
  /** What a reader makes of the text that turns it into a table. */
  readonly table?: SampleTable
  /** What a reader would say that saw only some of the evidence. Default: the groups whose needs were seen. */
  solve?(seen: readonly boolean[]): string
  /** Numbers from 0 to 1 for an output that only a program can check; the first is the main one. */
  check?(said: string): Readonly<Record<string, number>>
}
export interface SampleTable {
  /** Classes of the rows, as a model would write them. */
  readonly schema: string
  /** Body of a JavaScript function of `tables`, lists of instances by class, that gives the answer. */
  readonly program: string
  /** The instance that a piece of evidence says, as code. */
  record(index: number): string
}
export interface SubQuestion {
  readonly question: string
  readonly answers?: readonly string[]
}
export interface Distractor {
  readonly span: Span
  readonly says?: string
}

/** Text to hide things in: sentences without end, the same for the same name and seed. */
export interface Haystack {
  readonly name: string
  /** Sentences in reading order; the list is walked round and round. */
  readonly sentences: readonly string[]
}

export interface TaskRequest {
  readonly seed: number
  readonly samples: number
  /** Tokens of the whole prompt: instruction, text, question and cue. Met within 16 tokens, or half a percent. */
  readonly length: number
  readonly counter: TokenCounter
  readonly haystack: Haystack
  /** The folder of data sets, for tasks whose meta says that they need it. */
  readonly data?: string
  /** Share of the text that stands before what is hidden, 0 to 1, where a task takes one. Default: even over samples. */
  readonly depth?: number
  readonly options: Options
  readonly abortSignal?: AbortSignal
}
/** How hard what is needed is to find (diffusion), and how much of it there is (scope). */
export type Level = 'low' | 'high'
export interface TaskMeta extends LeafMeta {
  /** Options and their defaults. */
  readonly options: Options
  /** Metrics that its paper reports, the main one first. */
  readonly metrics: readonly string[]
  readonly diffusion: Level
  readonly scope: Level
  readonly needs?: readonly 'data'[]
}
/** The default export of a leaf in `tasks/`: samples made from a seed, one at a time. */
export type Task = (request: TaskRequest) => AsyncIterable<Sample>

export interface DatasetRequest {
  /** The folder of data sets, or the path of the published file or folder that the user has. */
  readonly data: string
  /** Only rows of these cells; default all. */
  readonly cells?: readonly string[]
  /** Most samples of each cell: spread evenly over a data set of pools, else the first ones. Default: all. */
  readonly samples?: number
  readonly options?: Options
  /** Told of each line that cannot be read, with its number and the reason. */
  readonly warn?: (problem: { readonly path: string; readonly line?: number; readonly message: string }) => void
  readonly abortSignal?: AbortSignal
}
export interface DatasetMeta extends LeafMeta {
  /** Folder below the data folder, or the file name under which it is published. */
  readonly folder: string
  readonly licence: string
  readonly metrics: readonly string[]
  /** `published`: tested on the published files; `shape`: tested on a small file of the documented shape that we wrote. */
  readonly tested: 'published' | 'shape'
}
/** The default export of a leaf in `datasets/`. Throws `data-missing`, naming what to fetch and where to put it. */
export type Dataset = (request: DatasetRequest) => AsyncIterable<Sample>

export type StageName = 'read' | 'split' | 'retrieve' | 'compress' | 'pack' | 'window'
/** What is left after a step of a pipeline. */
export interface Stage {
  readonly name: StageName
  readonly left: readonly Span[]
}

/** Where what was said comes from; a label that every report carries. `computed`: no model had a part in it. */
export type Origin = 'computed' | 'simulated' | 'scripted' | 'replayed' | 'model'

/** What a system did with one sample. */
export interface Output {
  /** Best first. */
  readonly ranked?: readonly Passage[]
  readonly pack?: Pack
  readonly said?: string
  readonly citations?: readonly Citation[]
  readonly usage?: Usage
  /** In the order in which they came. */
  readonly stages?: readonly Stage[]
  readonly failure?: { readonly code: string; readonly message: string }
}

/** What follows from a corpus alone: made when first asked for, shared by all systems and samples of the corpus. */
export interface Shelf {
  readonly corpus: Corpus
  readonly counter: TokenCounter
  /** Its units, or passages of some `tokens` tokens cut by the lab's splitter, behind the reading side of a store. */
  store(tokens?: number): Promise<Searchable>
  /** The same passages in reading order. */
  passages(tokens?: number): Promise<readonly Span[]>
  sentences(): readonly Span[]
  /** Plain BM25 over the units or passages, or over the sentences. */
  plain(over: 'passages' | 'sentences'): Promise<PlainIndex>
  text(span: Span): string
  /** Tokens of a span alone; counted once for the spans that the shelf itself gives. */
  cost(span: Span): number
  /** Tokens of the whole text. */
  tokens(): number
  /** Whether the text holds one of the answers. */
  holds(answers: readonly string[]): boolean
}
export interface PlainIndex {
  /** Numbers of all texts, best first, ties by number; and their scores by number. */
  rank(query: string): { readonly order: readonly number[]; readonly scores: Float64Array }
}

export interface SystemContext {
  readonly shelf: Shelf
  /** Most tokens that may be handed on. */
  readonly budget: number
  readonly seed: number
  readonly reader?: ModelPort
  readonly abortSignal?: AbortSignal
}
export interface SystemMeta extends LeafMeta {
  /** Options and their defaults. */
  readonly options: Options
  /** It answers by itself, with the reader that it is given; others only choose text, which the runner shows the reader. */
  readonly answers: boolean
}
/** The default export of a leaf in `systems/`: how text is chosen, or a question answered. */
export type SystemFactory = (options: Options) => Promise<System>
export interface System {
  run(sample: Sample, context: SystemContext): Promise<Output>
}

export interface ReaderMeta extends LeafMeta {
  readonly origin: Origin
}
/** The default export of a leaf in `readers/`. `name` is what follows the slash: a model, or a set of parameters. */
export type ReaderFactory = (name: string, options: ReaderOptions) => Promise<Reader>
export interface ReaderOptions {
  readonly counter: TokenCounter
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Path of the journal in which paid replies are kept. */
  readonly journal?: string
  readonly maxCost?: number
  readonly concurrency?: number
}
export interface Reader {
  readonly name: string
  readonly origin: Origin
  /** Tokens of input and output together, when known. */
  readonly window?: number
  /** The model port for one sample; a simulated reader knows the sample's evidence, a model does not. */
  port(sample: Sample, seed: number): Promise<ModelPort>
  /** The ranges of a prompt that it reads, where it may not read all. */
  visible?(prompt: string): readonly (readonly [start: number, end: number])[]
  close?(): Promise<void>
}

export type JudgeRequest =
  /** Does the text bear the claim out? */
  | { readonly kind: 'entailment'; readonly text: string; readonly claim: string }
  /** Does what was said meet the criterion? */
  | { readonly kind: 'rubric'; readonly question: string; readonly said: string; readonly criterion: string }
  /** Does the reasoning hold the step? */
  | { readonly kind: 'reasoning'; readonly said: string; readonly step: string }
  /** Does what was said answer, given what the context holds? `answerable` false: only a refusal complies. */
  | { readonly kind: 'compliance'; readonly question: string; readonly said: string; readonly answerable: boolean }
  /** Does the text answer the sub-question? */
  | {
      readonly kind: 'sub-question'
      readonly text: string
      readonly question: string
      readonly answers?: readonly string[]
    }
/** The one port for judgement; a score is 0 to 1. */
export interface Judge {
  readonly name: string
  readonly origin: Origin
  judge(request: JudgeRequest, abortSignal?: AbortSignal): Promise<{ readonly score: number; readonly why?: string }>
}
/** The default export of a leaf in `judges/`. */
export type JudgeFactory = (parts: {
  readonly model?: ModelPort
  readonly script?: (request: JudgeRequest) => number
}) => Judge

/** What a metric looks at: a sample beside what a system did with it. Offsets run through all sources in order. */
export interface Outcome {
  /** Numbers of units, best first, and those that hold evidence. */
  readonly ranked?: readonly number[]
  readonly gold?: readonly number[]
  /** Half-open ranges handed on, and those of the evidence. */
  readonly kept?: readonly (readonly [start: number, end: number])[]
  readonly wanted?: readonly (readonly [start: number, end: number])[]
  /** The text handed on. */
  readonly text?: string
  readonly said?: string
  readonly question?: string
  readonly answers?: readonly (readonly string[])[]
  readonly choices?: readonly string[]
  readonly questions?: readonly SubQuestion[]
  readonly citations?: readonly Citation[]
  /** Tokens handed on, and tokens of the whole text. */
  readonly tokens?: { readonly pack: number; readonly whole: number }
  /** UTF-16 units of the whole text, counted as ranges are. */
  readonly characters?: number
  readonly usage?: Usage
  readonly tags?: Tags
  /** Whether one of the answers stands in the whole text. */
  readonly inContext?: () => boolean
}
export interface MetricMeta extends LeafMeta {
  /** It is taken at a depth k. */
  readonly atDepth: boolean
  /** `judge`: it asks one. */
  readonly needs?: readonly 'judge'[]
  /** What of the outcome it looks at. */
  readonly of: 'ranking' | 'selection' | 'answer' | 'citations' | 'cost'
  /** Smaller is better. */
  readonly lower?: boolean
}
export interface MetricParts {
  readonly depth?: number
  readonly judge?: Judge
}
/** The default export of a leaf in `metrics/`: a number, or undefined where the outcome has nothing of this kind. */
export type Metric = (outcome: Outcome, parts?: MetricParts) => number | undefined | Promise<number | undefined>

/** Where evidence was lost: the step after which it was first not whole any more, or `unused`: it was there and not said. */
export type Loss = StageName | 'unused'
export const losses: readonly Loss[] = ['read', 'split', 'retrieve', 'compress', 'pack', 'window', 'unused']
/** How many pieces of evidence there were, how many came through to the answer, and where the others were lost. */
export interface Ledger {
  readonly evidence: number
  readonly used: number
  readonly lost: Readonly<Partial<Record<Loss, number>>>
}

/** One sample done by one system: a row of the store of results. */
export interface Result {
  /** Hash of all that decides it, so that a run that goes on skips what is done. */
  readonly key: string
  readonly run: string
  /** Name of the task or dataset. */
  readonly task: string
  readonly cell: string
  readonly sample: string
  readonly system: string
  /** `10%`, `4000` or `all`. */
  readonly budget: string
  /** `none`, or a reader's name. */
  readonly reader: string
  readonly origin: Origin
  readonly seed: number
  /** Tokens asked of the task, 0 where it takes none. */
  readonly length: number
  readonly tags: Tags
  readonly scores: Readonly<Record<string, number>>
  readonly tokens: { readonly pack: number; readonly whole: number }
  readonly ledger?: Ledger
  readonly usage?: Usage
  readonly failure?: string
  readonly unresolved?: number
  readonly milliseconds: number
}

/** A table or a drawing made from results. */
export interface ReportInput {
  readonly title: string
  readonly results: () => AsyncIterable<Result> | Iterable<Result>
  readonly views: () => Iterable<View>
  /** The runs that the results are of, with their specs as JSON. */
  readonly runs?: readonly { readonly name: string; readonly spec: string }[]
  /** What the catalog says; a report cannot read the catalog that lists it. */
  readonly known?: Catalogued
  /** The tables that all results together give. Default: none. */
  readonly analyse?: (
    results: readonly Result[],
  ) => Promise<readonly { readonly name: string; readonly table: Table }[]>
}
/** One sample to be looked at: its text, and what was kept and dropped of it. */
export interface View {
  readonly key: string
  readonly task: string
  readonly cell: string
  readonly system: string
  readonly budget: string
  readonly question: string
  readonly answers: readonly (readonly string[])[]
  readonly said?: string
  readonly sources: readonly { readonly uri: string; readonly text: string }[]
  /** Source by number, start, end. */
  readonly evidence: readonly (readonly [source: number, start: number, end: number])[]
  readonly kept: readonly (readonly [source: number, start: number, end: number])[]
  readonly scores: Readonly<Record<string, number>>
}
export interface ReportMeta extends LeafMeta {
  readonly ending: string
}
/** The default export of a leaf in `reports/`: pieces of the file's text. */
export type Report = (input: ReportInput) => AsyncIterable<string>

/** What follows from many results together: a curve, a threshold, a comparison. */
export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
  /** How to read it, in a sentence. */
  readonly note?: string
}
/** What the catalog says of tasks, data sets and metrics; a leaf cannot read the catalog that lists it. */
export interface Catalogued {
  readonly tasks: readonly TaskMeta[]
  readonly datasets: readonly DatasetMeta[]
  readonly metrics: readonly MetricMeta[]
}
/**
 * The default export of a leaf in `analyses/`; undefined where the results have nothing of its kind. Without what the catalog
 * says, main scores are told by the order of a result's scores.
 */
export type Analysis = (results: readonly Result[], known?: Catalogued) => Table | undefined
