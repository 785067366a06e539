import type { Anchor, Origin, OutlineKind, OutlineNode } from '../../../core/index.ts'
import { ByteReader, ByteWriter } from './bytes.ts'

/** Numbers strings in order of first use; the table stands before what uses it. */
class Names {
  readonly list: string[] = []
  readonly #numbers = new Map<string, number>()

  number(name: string): number {
    let number = this.#numbers.get(name)
    if (number === undefined) {
      number = this.list.length
      this.#numbers.set(name, number)
      this.list.push(name)
    }
    return number
  }
}

function withNames(names: Names, body: ByteWriter): Uint8Array {
  const whole = new ByteWriter()
  whole.varint(names.list.length)
  for (const name of names.list) whole.string(name)
  whole.raw(body.finish())
  return whole.finish()
}

function readNames(reader: ByteReader): string[] {
  const names: string[] = []
  for (let left = reader.varint(); left > 0; left--) names.push(reader.string())
  return names
}

export function encodeOutline(outline: readonly OutlineNode[]): Uint8Array {
  const kinds = new Names()
  const body = new ByteWriter()
  let start = 0
  outline.forEach((node, index) => {
    const flags =
      (node.title === undefined ? 0 : 1) | (node.parent === undefined ? 0 : 2) | (node.detail === undefined ? 0 : 4)
    body.varint(kinds.number(node.kind) * 8 + flags)
    body.signed(node.level)
    body.signed(node.start - start)
    body.signed(node.end - node.start)
    if (node.title !== undefined) body.string(node.title)
    if (node.parent !== undefined) body.signed(index - node.parent)
    if (node.detail !== undefined) body.string(JSON.stringify(node.detail))
    start = node.start
  })
  return withNames(kinds, body)
}

export function decodeOutline(bytes: Uint8Array): OutlineNode[] {
  const reader = new ByteReader(bytes)
  const kinds = readNames(reader)
  const outline: OutlineNode[] = []
  let start = 0
  while (!reader.done) {
    const head = reader.varint()
    const level = reader.signed()
    start += reader.signed()
    const end = start + reader.signed()
    outline.push({
      kind: kinds[head >>> 3] as OutlineKind,
      ...(head & 1 ? { title: reader.string() } : {}),
      level,
      start,
      end,
      ...(head & 2 ? { parent: outline.length - reader.signed() } : {}),
      ...(head & 4 ? { detail: JSON.parse(reader.string()) } : {}),
    })
  }
  return outline
}

const numberFields = ['line', 'column', 'byte', 'page', 'slide', 'time', 'message'] as const
const stringFields = ['sheet', 'cell', 'part'] as const
const linearFlag = 1
const fractionFlag = 2

/** Numbers as differences to the same field of the anchor before. */
export function encodeOrigin(origin: Origin): Uint8Array {
  const names = new Names()
  const body = new ByteWriter()
  const last = numberFields.map(() => 0)
  let at = 0
  for (const anchor of origin.anchors) {
    const fraction = numberFields.some((field) => anchor[field] !== undefined && !Number.isSafeInteger(anchor[field]))
    let flags = (anchor.linear ? linearFlag : 0) | (fraction ? fractionFlag : 0)
    numberFields.forEach((field, index) => {
      if (anchor[field] !== undefined) flags |= 4 << index
    })
    stringFields.forEach((field, index) => {
      if (anchor[field] !== undefined) flags |= 4 << (index + numberFields.length)
    })
    body.varint(flags)
    body.signed(anchor.at - at)
    at = anchor.at
    numberFields.forEach((field, index) => {
      const value = anchor[field]
      if (value === undefined) return
      if (fraction) body.string(String(value))
      else {
        body.signed(value - last[index]!)
        last[index] = value
      }
    })
    for (const field of stringFields) if (anchor[field] !== undefined) body.varint(names.number(anchor[field]))
  }
  const whole = new ByteWriter()
  whole.string(origin.encoding ?? '')
  whole.raw(withNames(names, body))
  return whole.finish()
}

export function decodeOrigin(bytes: Uint8Array): Origin {
  const reader = new ByteReader(bytes)
  const encoding = reader.string()
  const names = readNames(reader)
  const anchors: Anchor[] = []
  const last = numberFields.map(() => 0)
  let at = 0
  while (!reader.done) {
    const flags = reader.varint()
    at += reader.signed()
    const anchor: Record<string, unknown> = { at }
    numberFields.forEach((field, index) => {
      if ((flags & (4 << index)) === 0) return
      anchor[field] = flags & fractionFlag ? Number(reader.string()) : (last[index]! += reader.signed())
    })
    stringFields.forEach((field, index) => {
      if ((flags & (4 << (index + numberFields.length))) !== 0) anchor[field] = names[reader.varint()]
    })
    if (flags & linearFlag) anchor.linear = true
    anchors.push(anchor as unknown as Anchor)
  }
  return { ...(encoding === '' ? {} : { encoding }), anchors }
}

/** Numbers per chunk in the packed form that goes to the worker. */
export const chunkStride = 5

/** Passages as numbers on the store's one scale of UTF-16 units; a source's own offsets begin at its base. */
export interface PassageGroup {
  /** Number of the first passage; the others follow without a gap. */
  readonly first: number
  readonly count: number
  readonly start: Float64Array
  readonly end: Float64Array
  /** -1 where there is none. */
  readonly node: Int32Array
  readonly headerStart: Float64Array
  readonly headerEnd: Float64Array
}
export const groupSize = 1024

export function encodePassages(group: PassageGroup): Uint8Array {
  const writer = new ByteWriter()
  let start = 0
  let node = 0
  let headerStart = -1
  let headerEnd = -1
  for (let index = 0; index < group.count; index++) {
    const header = group.headerStart[index]!
    const mode = header < 0 ? 0 : header === headerStart && group.headerEnd[index] === headerEnd ? 1 : 2
    const hasNode = group.node[index]! >= 0
    writer.varint(mode + (hasNode ? 4 : 0))
    writer.signed(group.start[index]! - start)
    writer.varint(group.end[index]! - group.start[index]!)
    start = group.start[index]!
    if (hasNode) {
      writer.signed(group.node[index]! - node)
      node = group.node[index]!
    }
    if (mode !== 2) continue
    headerStart = header
    headerEnd = group.headerEnd[index]!
    writer.signed(start - headerStart)
    writer.varint(headerEnd - headerStart)
  }
  return writer.finish()
}

export const emptyGroup = (first: number, size = groupSize): PassageGroup => ({
  first,
  count: 0,
  start: new Float64Array(size),
  end: new Float64Array(size),
  node: new Int32Array(size),
  headerStart: new Float64Array(size),
  headerEnd: new Float64Array(size),
})

export function decodePassages(first: number, count: number, bytes: Uint8Array): PassageGroup {
  const reader = new ByteReader(bytes)
  const group = { ...emptyGroup(first, count), count }
  let start = 0
  let node = 0
  let headerStart = -1
  let headerEnd = -1
  for (let index = 0; index < count; index++) {
    const mode = reader.varint()
    start += reader.signed()
    group.start[index] = start
    group.end[index] = start + reader.varint()
    if (mode & 4) node += reader.signed()
    group.node[index] = mode & 4 ? node : -1
    if ((mode & 3) === 2) {
      headerStart = start - reader.signed()
      headerEnd = headerStart + reader.varint()
    }
    group.headerStart[index] = mode & 3 ? headerStart : -1
    group.headerEnd[index] = mode & 3 ? headerEnd : -1
  }
  return group
}
