import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Pack, Passage } from '../../../core/index.ts'
import { loadPruner } from '../../../fit/index.ts'
import { type Library, open } from '../../../open.ts'
import { exit } from './exit.ts'
import { interruption, number, type SharedOptions, UsageError } from './session.ts'
import { terminal } from './terminal.ts'

export interface FitCommandOptions extends SharedOptions {
  readonly tokenBudget: string
  readonly query?: string
  readonly order?: string
  readonly compressor?: string
  readonly method?: string
  readonly pruner?: string
  readonly tokenizer?: string
  readonly cite?: boolean
  readonly explain?: boolean
}

/** `fovea fit [FILE...]`: files or stdin to stdout, within a budget of tokens. The index it needs is gone afterwards. */
export async function fit(files: readonly string[], options: FitCommandOptions): Promise<number> {
  const term = terminal({ json: options.json ?? false })
  if (files.length === 0 && process.stdin.isTTY)
    throw new UsageError('name a file, or pipe text in: cat notes.md | fovea fit --token-budget 2000')
  const compressor = options.method ?? options.compressor ?? (options.pruner ? 'prune' : undefined)
  if (options.pruner && compressor !== 'prune')
    throw new UsageError(`--pruner goes with --method prune, not with ${compressor}`)
  if (options.pruner && !options.query) throw new UsageError('--pruner needs a question; give it as --query')
  const pruner = options.pruner ? await loadPruner(options.pruner) : undefined
  const stop = interruption(term)
  const folder = await mkdtemp(join(tmpdir(), 'fovea-fit-'))
  try {
    const paths = files.length > 0 ? files : [await standardInput(folder, stop.signal)]
    const library = await open(paths, {
      index: join(folder, 'index'),
      ...(options.tokenizer ? { tokenizer: options.tokenizer } : {}),
      display: (uri, roots) => (files.length > 0 ? roots.display(uri, process.cwd()) : uri),
    })
    try {
      const budget = number(options.tokenBudget, 'token-budget')
      // Passages small enough that the budget holds several: an eighth of it, between 32 and 256 tokens.
      const size = Math.max(32, Math.min(256, Math.floor(budget / 8)))
      const report = await library.refresh({
        size,
        abortSignal: stop.signal,
        onProgress: (progress) => term.progress(progress),
      })
      for (const warning of [...report.problems, ...report.warnings]) term.warn(warning)
      const pack = await library.pack(options.query ?? '', {
        budget,
        cited: options.cite ?? false,
        abortSignal: stop.signal,
        ...(options.order ? { orderer: options.order } : {}),
        ...(compressor ? { compressor } : {}),
        ...(pruner ? { pruner } : {}),
      })
      term.quiet()
      if (term.json) {
        const label = (passage: (typeof pack.kept)[number]) => library.cite(passage)
        const kept = await Promise.all(pack.kept.map(async (passage) => ({ ...passage, label: await label(passage) })))
        term.result({ ...pack, kept })
      } else {
        await written(pack.text.endsWith('\n') ? pack.text : `${pack.text}\n`)
        if (options.explain) for (const line of await explained(pack, library)) term.note(line)
        if (process.stderr.isTTY)
          term.note(`${pack.tokens.count} of ${pack.budget} tokens, ${pack.dropped.length} passages left out`)
      }
      if (pack.kept.length === 0) return exit.notFound
      return report.problems.length > 0 ? exit.partial : exit.done
    } finally {
      await library.close()
    }
  } finally {
    stop.done()
    await rm(folder, { recursive: true, force: true })
  }
}

/** What was kept, in order, with its score and trail, and why the rest was dropped. */
async function explained(pack: Pack, library: Library): Promise<string[]> {
  const told = async ({ kind, passage }: { kind: string; passage: Passage }): Promise<string> =>
    `${kind} ${await library.cite(passage)} (score ${passage.score.toFixed(2)}; ${passage.trail.join(', then ')})`
  const dropped = pack.dropped.toSorted((one, other) => other.passage.score - one.passage.score)
  const shown = dropped.slice(0, 20)
  const lines = [
    ...pack.kept.map((passage) => ({ kind: 'kept', passage })),
    ...shown.map(({ passage, why }) => ({ kind: `dropped (${why})`, passage })),
  ]
  const more = dropped.length - shown.length
  return [...(await Promise.all(lines.map(told))), ...(more > 0 ? [`and ${more} more dropped`] : [])]
}

async function standardInput(folder: string, signal: AbortSignal): Promise<string> {
  await mkdir(join(folder, 'input'))
  const path = join(folder, 'input', 'stdin')
  await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 }), { signal })
  return path
}

const written = (text: string): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())))
