import { loadLeaf } from '../core/index.ts'
import { tokenCounter } from '../model/index.ts'
import { defaultHaystack, readHaystack } from './adapters/haystack.ts'
import { wordAnalyzer } from './analyzer.ts'
import { judges, readers } from './catalog.ts'
import type { Judge, Reader } from './contract.ts'
import { nobody } from './corpus.ts'
import type { JobParts } from './job.ts'
import { invalidReader, type Spec } from './spec.ts'

export interface Surroundings {
  /** Folder of data sets; `''` where there is none. */
  readonly data: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Path of the journal of paid replies. */
  readonly journal?: string
}

/** `simulated/8k`, `model/openai/gpt-5`: a reader's leaf, and what follows the slash. */
export async function readerOf(
  name: string,
  { spec, surroundings, counter }: { spec: Spec; surroundings: Surroundings; counter: JobParts['counter'] },
): Promise<Reader> {
  const slash = name.indexOf('/')
  const leaf = readers.find(({ meta }) => meta.name === name.slice(0, slash))
  if (!leaf)
    throw invalidReader(
      name,
      readers.map(({ meta }) => meta.name),
    )
  return (await leaf.load()).default(name.slice(slash + 1), {
    counter,
    environment: surroundings.environment,
    ...(surroundings.journal === undefined ? {} : { journal: surroundings.journal }),
    ...(spec.maxCost === undefined ? {} : { maxCost: spec.maxCost }),
    ...(spec.concurrency === undefined ? {} : { concurrency: spec.concurrency }),
  })
}

/** `program`, or `model/openai/gpt-5`: a judge's leaf, and the model that it asks. */
async function judgeOf(
  name: string,
  context: Parameters<typeof readerOf>[1],
): Promise<Judge & { close?(): Promise<void> }> {
  const [leaf = '', ...rest] = name.split('/')
  const make = await loadLeaf(judges, leaf)
  if (rest.length === 0) return make({})
  const reader = await readerOf(name, context)
  const judge = make({ model: await reader.port(nobody, 0) })
  return { ...judge, judge: (request, signal) => judge.judge(request, signal), close: async () => reader.close?.() }
}

/** What all jobs of a spec share. */
export async function partsOf(
  spec: Spec,
  surroundings: Surroundings,
  warn: (message: string) => void,
): Promise<Omit<JobParts, 'done' | 'abortSignal'>> {
  const counter = await tokenCounter(spec.tokenizer ?? 'o200k_base')
  const analyzer = await wordAnalyzer()
  const given = spec.haystack === undefined ? undefined : [spec.haystack].flat()
  const hides = spec.tasks.some((entry) => (typeof entry === 'string' ? entry : entry.task) !== undefined)
  const haystack = given
    ? await readHaystack(given, warn)
    : hides
      ? await defaultHaystack(surroundings.data, warn)
      : { name: 'none', sentences: [] }
  const opened = await Promise.all(
    (spec.readers ?? ['none']).map((name) =>
      name === 'none' ? undefined : readerOf(name, { spec, surroundings, counter }),
    ),
  )
  const judge = spec.judge === undefined ? undefined : await judgeOf(spec.judge, { spec, surroundings, counter })
  return {
    spec,
    counter,
    analyzer,
    haystack,
    readers: opened,
    data: surroundings.data,
    warn,
    ...(judge ? { judge } : {}),
  }
}
