import type { Chunk } from './chunks.ts'
import type { Run } from './run.ts'

/** Does a task for each chunk, one after the other, each begun when the one before it has ended; failures are gaps, as in `over`. */
export async function inTurn(
  run: Run,
  chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
  task: (chunk: Chunk) => Promise<void>,
): Promise<void> {
  for await (const done of run.over(chunks, task, 1)) void done
}

/** Tokens of a chunk: the option `chunk`, at most what there is room for. Smaller parts are read better, and cost more calls. */
export const chunkTokens = (run: Run, most = run.room): number =>
  Math.max(50, Math.min(run.option('chunk', most), most))
