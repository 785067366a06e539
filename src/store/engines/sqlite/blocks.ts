import type { DatabaseSync } from 'node:sqlite'
import { type BlockKind, type BlockStorage, blockKinds, type SegmentInfo } from '../../inverted/index.ts'

const blocksPerKind = 2 ** 24
const kindNumber = Object.fromEntries(blockKinds.map((kind, index) => [kind, index])) as Record<BlockKind, number>
const keyOf = (segment: number, kind: number, block: number): number =>
  (segment * blockKinds.length + kind) * blocksPerKind + block

/** The inverted index's blocks as rows, in the order of segment, kind and block. */
export function blockStorage(database: DatabaseSync, onWrite?: (bytes: number) => void): BlockStorage {
  const read = database.prepare('SELECT bytes FROM blocks WHERE key = ?')
  read.setReturnArrays(true)
  const write = onWrite && database.prepare('INSERT OR REPLACE INTO blocks VALUES (?, ?)')
  const remove = onWrite && database.prepare('DELETE FROM blocks WHERE key >= ? AND key < ?')
  return {
    read: (segment, kind, block) =>
      (read.get(keyOf(segment, kindNumber[kind], block)) as unknown as [Uint8Array] | undefined)?.[0],
    write(segment, kind, block, bytes) {
      write!.run(keyOf(segment, kindNumber[kind], block), bytes)
      onWrite!(bytes.length)
    },
    remove(segment) {
      remove!.run(keyOf(segment, 0, 0), keyOf(segment + 1, 0, 0))
    },
  }
}

/** Segments that have blocks though no row names them: what a stop left of an unfinished merge. */
export function orphanSegments(database: DatabaseSync, known: ReadonlySet<number>): number[] {
  const next = database.prepare('SELECT key FROM blocks WHERE key >= ? ORDER BY key LIMIT 1')
  const orphans: number[] = []
  let from = 0
  for (;;) {
    const row = next.get(from)
    if (!row) return orphans
    const segment = Math.floor(Number(row.key) / (blocksPerKind * blockKinds.length))
    if (!known.has(segment)) orphans.push(segment)
    from = keyOf(segment + 1, 0, 0)
  }
}

/** In the order of their passages. */
export function readSegments(database: DatabaseSync): SegmentInfo[] {
  return database.prepare('SELECT * FROM segments ORDER BY first').all() as unknown as SegmentInfo[]
}
