import assert from 'node:assert/strict'
import { advance, anchorAt, type OutlineNode, type Place, type Source, type Warning } from '../../src/core/index.ts'
import { bytesInput, type ReadOptions, read } from '../../src/read/index.ts'

export interface Reading {
  readonly sources: Source[]
  readonly warnings: Warning[]
}

export async function readBytes(uri: string, bytes: Uint8Array | string, options: ReadOptions = {}): Promise<Reading> {
  const sources: Source[] = []
  const warnings: Warning[] = []
  const input = bytesInput(uri, typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
  for await (const source of read(input, { warn: (warning) => warnings.push(warning), ...options }))
    sources.push(source)
  for (const source of sources) checkSource(source)
  return { sources, warnings }
}

export async function readOne(uri: string, bytes: Uint8Array | string, options: ReadOptions = {}): Promise<Source> {
  const { sources } = await readBytes(uri, bytes, options)
  assert.equal(sources.length, 1)
  return sources[0]!
}

export const placeAt = (source: Source, offset: number): Place => {
  const anchor = anchorAt(source.origin, offset)
  return advance(anchor, source.text.slice(anchor.at, offset), source.origin?.encoding)
}

/** What holds for every Source of every format. */
export function checkSource({ text, outline = [], origin }: Source): void {
  assert.ok(text.isWellFormed() && !text.includes('\0'))
  let last = -1
  for (const anchor of origin?.anchors ?? []) {
    assert.ok(anchor.at >= last && anchor.at <= text.length, `anchor at ${anchor.at} after ${last} of ${text.length}`)
    last = anchor.at
  }
  checkOutline(text, outline)
}

export function checkOutline(text: string, outline: readonly OutlineNode[]): void {
  let start = 0
  for (const [index, node] of outline.entries()) {
    assert.ok(node.start >= start && node.end >= node.start && node.end <= text.length, JSON.stringify(node))
    start = node.start
    if (node.parent === undefined) assert.equal(node.level, 1)
    else {
      const parent = outline[node.parent]!
      assert.ok(node.parent < index && parent.level === node.level - 1)
      assert.ok(
        node.start >= parent.start && node.end <= parent.end,
        `${JSON.stringify(node)} in ${JSON.stringify(parent)}`,
      )
    }
  }
}

/** Nodes as `kind level title: text`, for reading. */
export const drawn = ({ text, outline = [] }: Source): string[] =>
  outline.map((node) => {
    const words = JSON.stringify(text.slice(node.start, node.end))
    const short = words.length > 80 ? `${words.slice(0, 50)} ... ${words.slice(-20)}` : words
    const detail = node.detail ? ` ${JSON.stringify(node.detail)}` : ''
    return `${'  '.repeat(node.level - 1)}${node.kind}${node.title === undefined ? '' : ` <${node.title}>`} ${node.start}-${node.end} ${short}${detail}`
  })
