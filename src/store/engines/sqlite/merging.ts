import type { DatabaseSync } from 'node:sqlite'
import { mergeSteps, type SegmentInfo } from '../../inverted/index.ts'
import { blockStorage, readSegments } from './blocks.ts'
import { Ranges } from './ranges.ts'
import type { Counters } from './schema.ts'

/** A segment is written anew, alone, when more than this share of its passages is deleted. */
const deadShare = 0.3
/** A long merge is committed in pieces of about this size, so that the log stays small. */
const pieceBytes = 64 << 20

const tierOf = (segment: SegmentInfo, width: number): number =>
  Math.floor(Math.log(Math.max(1, segment.passages)) / Math.log(width))

/**
 * What to merge next: `width` or more neighbours of about one size, the small ones first, or one segment that is mostly
 * deleted. Only neighbours are merged, so that segments keep ranges of passages that do not overlap; and never a large
 * one with a few small ones, so that a passage is written anew only as often as its segment at least doubles.
 */
export function mergePlan(
  segments: readonly SegmentInfo[],
  dead: (segment: SegmentInfo) => number,
  width: number,
): readonly SegmentInfo[] | undefined {
  const tiers = segments.map((segment) => tierOf(segment, width))
  const balanced = (run: readonly SegmentInfo[]): boolean => {
    const sizes = run.map(({ passages }) => passages)
    return 2 * Math.max(...sizes) <= sizes.reduce((sum, size) => sum + size, 0)
  }
  for (const tier of [...new Set(tiers)].sort((a, b) => a - b)) {
    let from = 0
    for (let at = 0; at <= segments.length; at++) {
      if (at < segments.length && tiers[at]! <= tier && at - from < 2 * width) continue
      const run = segments.slice(from, at)
      if (run.length >= width && balanced(run)) return run
      // The largest may be what is out of balance: what stands behind it is tried without it.
      const largest = run.reduce((best, { passages }, index) => (passages > run[best]!.passages ? index : best), 0)
      const behind = run.slice(largest + 1)
      if (behind.length >= width && balanced(behind)) return behind
      from = at + 1
    }
  }
  const stale = segments.find((segment) => dead(segment) > deadShare * segment.passages)
  return stale && [stale]
}

export function readTombstones(database: DatabaseSync): Ranges {
  const rows = database.prepare('SELECT first, last FROM tombstones ORDER BY first').all()
  return Ranges.of(rows.map((row) => [Number(row.first), Number(row.last)]))
}

export interface MergeContext {
  readonly database: DatabaseSync
  readonly counters: Counters
  readonly width: number
  begin(): void
  /** Saves the counters, commits, and copies the log into the file. */
  commit(): void
  /** Lets messages in; false when the work shall stop. */
  breathe(): Promise<boolean>
  progress(done: number): void
}

/** Does one merge that is due. False when nothing is due or the work was stopped. */
export async function mergeOnce(context: MergeContext): Promise<boolean> {
  const { database, counters } = context
  const segments = readSegments(database)
  const tombstones = readTombstones(database)
  const inputs = mergePlan(segments, ({ first, last }) => tombstones.overlap(first, last + 1), context.width)
  if (!inputs) return false
  let written = 0
  const storage = blockStorage(database, (bytes) => {
    written += bytes
  })
  context.begin()
  const output = counters.nextSegment++
  const steps = mergeSteps(storage, inputs, output, (passage) => !tombstones.has(passage))
  for (;;) {
    const step = steps.next()
    if (step.done) {
      for (const { segment } of inputs) {
        storage.remove(segment)
        database.prepare('DELETE FROM segments WHERE segment = ?').run(segment)
      }
      if (step.value.passages > 0) insertSegment(database, step.value)
      const before = segments[segments.indexOf(inputs[0]!) - 1]
      const after = segments[segments.indexOf(inputs.at(-1)!) + 1]
      forgetTombstones(database, before ? before.last + 1 : 0, after?.first ?? inputs.at(-1)!.last + 1)
      counters.generation++
      context.commit()
      context.progress(1)
      return true
    }
    if (!(await context.breathe())) return false
    context.progress(step.value)
    if (written > pieceBytes) {
      written = 0
      context.commit()
      context.begin()
    }
  }
}

export function insertSegment(database: DatabaseSync, info: SegmentInfo): void {
  database
    .prepare('INSERT INTO segments (segment, first, last, passages, length, header) VALUES (?, ?, ?, ?, ?, ?)')
    .run(info.segment, info.first, info.last, info.passages, info.length, info.header)
}

/** Deleted passages within the range are in no segment any more. */
function forgetTombstones(database: DatabaseSync, from: number, to: number): void {
  const rows = database.prepare('SELECT first, last FROM tombstones WHERE first < ? AND last > ?').all(to, from)
  const insert = database.prepare('INSERT INTO tombstones VALUES (?, ?)')
  for (const row of rows) {
    const [first, last] = [Number(row.first), Number(row.last)]
    database.prepare('DELETE FROM tombstones WHERE first = ?').run(first)
    if (first < from) insert.run(first, from)
    if (last > to) insert.run(to, last)
  }
}
