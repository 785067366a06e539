import { Inflate, inflateSync } from 'fflate'
import type { ReadContext, ReadInput } from '../contract.ts'
import { unpackedLimit } from '../limits.ts'
import { readError } from '../problems.ts'

interface Entry {
  readonly name: string
  readonly offset: number
  readonly packed: number
  readonly size: number
  readonly method: number
  readonly crc: number
  readonly encrypted: boolean
}

/** The entries of a zip, unpacked one by one when they are asked for. */
export interface ZipArchive {
  readonly names: readonly string[]
  has(name: string): boolean
  /** The whole entry, or undefined when there is none of that name. */
  bytes(name: string): Uint8Array | undefined
  /** The entry in pieces; nothing when there is none of that name. */
  stream(name: string): Iterable<Uint8Array>
}

/** Most entries; an Office file or a book has a few thousand at most. */
const mostEntries = 65_536
/** Bytes of packed data unpacked at once: at most about 16 MiB come out. */
const step = 16_384
/** Entries up to this size are unpacked in one go. */
const smallEntry = 4 * 1024 * 1024

const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before
  for (let at = 0; at < bytes.length; at++) crc = crcTable[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}

/**
 * Opens a zip held in memory. Nothing is unpacked before it is asked for; what is unpacked counts against
 * `limits.unpackedBytes` and 200 times the file's size above 16 MiB, and is checked against its CRC-32.
 * Throws `empty`, `corrupt` (truncated, damaged), `too-large` (more than 65,536 entries, entries that overlap) and,
 * when an entry is asked for, `encrypted`, `corrupt` and `too-large`.
 */
export async function openZip(input: ReadInput, context: ReadContext): Promise<ZipArchive> {
  const bytes = await input.bytes(context.abortSignal)
  const entries = readDirectory(input, bytes)
  const limit = unpackedLimit(bytes.length, context.limits)
  let unpacked = 0

  const account = (length: number): void => {
    context.abortSignal?.throwIfAborted()
    unpacked += length
    if (unpacked > limit)
      throw readError(
        'too-large',
        input,
        `it unfolds to more than ${Math.floor(limit / 1048576)} MiB, as a zip bomb does`,
        'leave it out or unpack it by hand',
      )
  }
  const check = (entry: Entry, size: number, crc: number): void => {
    if (size !== entry.size || crc !== entry.crc) throw damaged(input, entry.name)
  }

  function* unpack(entry: Entry): Iterable<Uint8Array> {
    const data = packedData(input, bytes, entry)
    if (entry.method === 0) {
      account(data.length)
      check(entry, data.length, crc32(data))
      yield data
      return
    }
    if (entry.size <= smallEntry && entry.packed <= smallEntry) {
      account(entry.size)
      const whole = attempt(input, entry.name, () => inflateSync(data, { out: new Uint8Array(entry.size) }))
      check(entry, whole.length, crc32(whole))
      yield whole
      return
    }
    let ready: Uint8Array[] = []
    const inflate = new Inflate((piece) => void ready.push(piece))
    let size = 0
    let crc = 0
    for (let at = 0; at < data.length; at += step) {
      attempt(input, entry.name, () => inflate.push(data.subarray(at, at + step), at + step >= data.length))
      const pieces = ready
      ready = []
      for (const piece of pieces) {
        size += piece.length
        if (size > entry.size) throw damaged(input, entry.name)
        account(piece.length)
        crc = crc32(piece, crc)
        yield piece
      }
    }
    check(entry, size, crc)
  }

  const find = (name: string): Entry | undefined => entries.get(name) ?? entries.get(name.toLowerCase())
  return {
    names: [...new Set([...entries.values()].map(({ name }) => name))],
    has: (name) => find(name) !== undefined,
    bytes(name) {
      const entry = find(name)
      if (!entry) return undefined
      const pieces = [...unpack(entry)]
      if (pieces.length === 1) return pieces[0]!
      const whole = new Uint8Array(entry.size)
      let at = 0
      for (const piece of pieces) {
        whole.set(piece, at)
        at += piece.length
      }
      return whole
    },
    *stream(name) {
      const entry = find(name)
      if (entry) yield* unpack(entry)
    },
  }
}

const damaged = (input: ReadInput, name: string, cause?: unknown) =>
  readError('corrupt', input, `its part ${JSON.stringify(name)} is damaged`, 'fetch the file again', cause)

const truncated = (input: ReadInput, cause?: unknown) =>
  readError('corrupt', input, 'the archive is truncated or damaged', 'fetch the file again', cause)

function attempt<Result>(input: ReadInput, name: string, act: () => Result): Result {
  try {
    return act()
  } catch (cause) {
    throw damaged(input, name, cause)
  }
}

/** The packed bytes of an entry, found behind its own header. */
function packedData(input: ReadInput, bytes: Uint8Array, entry: Entry): Uint8Array {
  if (entry.encrypted) throw readError('encrypted', input, 'it is encrypted', 'save it without a password')
  if (entry.method !== 0 && entry.method !== 8)
    throw readError('corrupt', input, `it is packed by the unknown method ${entry.method}`, 'save it again')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { offset } = entry
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== 0x04034b50) throw damaged(input, entry.name)
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
  if (start + entry.packed > bytes.length) throw damaged(input, entry.name)
  return bytes.subarray(start, start + entry.packed)
}

function readDirectory(input: ReadInput, bytes: Uint8Array): Map<string, Entry> {
  if (bytes.length === 0) throw readError('empty', input, 'it has no bytes', 'nothing can be found in it')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(view)
  if (end === -1) throw truncated(input)
  const entries = new Map<string, Entry>()
  const ranges: [number, number][] = []
  try {
    let count = view.getUint16(end + 10, true)
    let at = view.getUint32(end + 16, true)
    if (at === 0xffffffff && end >= 20 && view.getUint32(end - 20, true) === 0x07064b50) {
      const wide = Number(view.getBigUint64(end - 12, true))
      count = Number(view.getBigUint64(wide + 32, true))
      at = Number(view.getBigUint64(wide + 48, true))
    }
    if (count > mostEntries)
      throw readError('too-large', input, `it has ${count} entries`, 'leave it out or unpack it by hand')
    for (let index = 0; index < count; index++) {
      if (view.getUint32(at, true) !== 0x02014b50) throw truncated(input)
      const entry = readEntry(view, bytes, at)
      at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
      ranges.push([entry.offset, entry.offset + 30 + entry.packed])
      if (unsafe(entry.name) || entry.name.endsWith('/') || entries.has(entry.name)) continue
      entries.set(entry.name, entry)
      const folded = entry.name.toLowerCase()
      if (!entries.has(folded)) entries.set(folded, entry)
    }
  } catch (cause) {
    if (cause instanceof RangeError) throw truncated(input, cause)
    throw cause
  }
  ranges.sort((one, two) => one[0] - two[0])
  for (let index = 1; index < ranges.length; index++)
    if (ranges[index]![0] < ranges[index - 1]![1])
      throw readError('too-large', input, 'its entries overlap, as in a zip bomb', 'leave it out')
  return entries
}

/** The record at the end of the archive, or -1. */
function findEnd(view: DataView): number {
  const least = Math.max(0, view.byteLength - 65_557)
  for (let at = view.byteLength - 22; at >= least; at--)
    if (view.getUint8(at) === 0x50 && view.getUint32(at, true) === 0x06054b50) return at
  return -1
}

/** Names that would leave the folder they are unpacked to are no parts of any document. */
const unsafe = (name: string): boolean => /^[/\\]|(^|[/\\])\.\.([/\\]|$)|\0|^[a-z]:/i.test(name)

function readEntry(view: DataView, bytes: Uint8Array, at: number): Entry {
  const flags = view.getUint16(at + 8, true)
  const nameLength = view.getUint16(at + 28, true)
  let packed = view.getUint32(at + 20, true)
  let size = view.getUint32(at + 24, true)
  let offset = view.getUint32(at + 42, true)
  const nameEnd = at + 46 + nameLength
  const extraEnd = nameEnd + view.getUint16(at + 30, true)
  for (let extra = nameEnd; extra + 4 <= extraEnd; extra += 4 + view.getUint16(extra + 2, true)) {
    if (view.getUint16(extra, true) !== 1) continue
    let field = extra + 4
    const wide = (): number => {
      field += 8
      return Number(view.getBigUint64(field - 8, true))
    }
    if (size === 0xffffffff) size = wide()
    if (packed === 0xffffffff) packed = wide()
    if (offset === 0xffffffff) offset = wide()
  }
  const name = new TextDecoder().decode(bytes.subarray(at + 46, nameEnd)).replaceAll('\\', '/')
  return {
    name,
    offset,
    packed,
    size,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    encrypted: (flags & 1) !== 0,
  }
}
