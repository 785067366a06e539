import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Chunk, Embedder, OutlineNode, Source } from '../../src/core/index.ts'
import { makeSource, splitsPair } from '../../src/core/index.ts'
import words from '../../src/store/analyzers/words.ts'
import type { FileRecord, PortableAnalyzer, PutSource } from '../../src/store/index.ts'

/** The analyzer that a worker can make again. */
export const portable: PortableAnalyzer = await words()
/** The same for the caller's thread alone: the store then writes without a worker. */
export const analyzer: PortableAnalyzer = {
  name: portable.name,
  each: portable.each,
  terms: portable.terms,
  isStopTerm: portable.isStopTerm,
}

export function temporaryFolder(context: { after(done: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'fovea-store-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const fileOf = (uri: string, more: Partial<FileRecord> = {}): FileRecord => ({
  uri,
  size: 1,
  modified: 1_000,
  hash: `hash of ${uri}`,
  format: 'text',
  formatVersion: 1,
  ...more,
})

/** A source cut into passages of about `size` units, at no surrogate pair. */
export async function putOf(
  uri: string,
  text: string,
  { size = 40, ...more }: { size?: number; header?: readonly [number, number] } & Partial<Source> = {},
): Promise<PutSource> {
  const { header, ...parts } = more
  const source = await makeSource({ uri, text, mediaType: 'text/plain', ...parts })
  const chunks: Chunk[] = []
  for (let start = header?.[1] ?? 0; start < source.text.length; ) {
    let end = Math.min(source.text.length, start + size)
    if (splitsPair(source.text, end)) end++
    chunks.push({
      start,
      end,
      tokens: 1,
      ...(header ? { header } : {}),
      ...(source.outline?.length ? { node: 0 } : {}),
    })
    start = end
  }
  return { source, chunks }
}

export const outlineOf = (text: string): OutlineNode[] => [
  { kind: 'section', title: 'Über 😀', level: 1, start: 0, end: text.length, detail: { speaker: 'Ada', tags: ['a'] } },
  { kind: 'paragraph', level: 2, start: 0, end: text.length >> 1, parent: 0 },
]

/** A vector that depends on the letters alone. */
export function letterVector(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions)
  for (let at = 0; at < text.length; at++) vector[(text.charCodeAt(at) * 7 + (at % 3)) % dimensions]! += 1
  return vector
}

export const letterEmbedder = (dimensions = 24, name = 'letters'): Embedder & { calls: number } => ({
  name,
  dimensions,
  calls: 0,
  async embed(texts) {
    this.calls += texts.length
    return texts.map((text) => letterVector(text, dimensions))
  },
})

export async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = []
  for await (const value of values) list.push(value)
  return list
}

/** Limits under which commits and merges come all the time. */
export const restless = { batchBytes: 4_000, batchMilliseconds: 5, mergeWidth: 2 }

/** A word of letters alone for a number: no part of it is a word of another. */
export const nameOf = (kind: string, number: number): string =>
  `${kind}${[...String(number)].map((digit) => 'qwrtypsdfg'[Number(digit)]).join('')}x`

/** Files whose text names their version; one is large enough to span many batches. */
export function documentsOf(version: number): { uri: string; texts: string[] }[] {
  return Array.from({ length: 24 }, (_, number) => ({
    uri: `doc-${number}.txt`,
    texts: Array.from(
      { length: number === 5 ? 12 : 1 },
      (_, part) =>
        `${nameOf('version', version)} of ${nameOf('file', number)} part ${part} 😀 ${`lorem ipsum dolor ${nameOf('more', number)} `.repeat(number === 5 ? 60 : 8)}`,
    ),
  }))
}
