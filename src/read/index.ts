import type { Source, Warning } from '../core/index.ts'
import { formats as allFormats, walkers } from './catalog.ts'
import type { HeadingJudge, ReadContext, ReadInput, ReadLimits, Walker } from './contract.ts'
import { type Detected, detect, type FormatEntry, headBytes, namedFormats } from './detect.ts'
import { checkSize, withLimits } from './limits.ts'
import { asReadError, readError } from './problems.ts'
import { hex, looksBinary } from './sniff.ts'

export * from './catalog.ts'
export type * from './contract.ts'
export { type Decoded, type DecodeOptions, decode } from './decode.ts'
export { defaultLimits } from './limits.ts'
export { looksBinary } from './sniff.ts'

export interface ReadOptions {
  readonly limits?: Partial<ReadLimits>
  readonly abortSignal?: AbortSignal
  readonly judgeHeading?: HeadingJudge
  /** Name of the format; found from the content and the name when absent. */
  readonly format?: string
  /** Formats to choose from. Default: the catalog. */
  readonly formats?: readonly FormatEntry[]
  warn?(warning: Warning): void
}

/** Files up to this many bytes are opened once: for the choice of the format and for the format. */
const onceBytes = 4 * 1024 * 1024

/** The same input, whose bytes are fetched once. */
function once(input: ReadInput): ReadInput {
  if (input.size === undefined || input.size > onceBytes) return input
  let bytes: Promise<Uint8Array> | undefined
  const fetch = (abortSignal?: AbortSignal) => (bytes ??= input.bytes(abortSignal))
  const { uri, size, modified } = input
  return {
    uri,
    size,
    ...(modified === undefined ? {} : { modified }),
    bytes: fetch,
    async *stream(abortSignal) {
      yield await fetch(abortSignal)
    },
  }
}

async function headOf(input: ReadInput, abortSignal?: AbortSignal): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of input.stream(abortSignal)) {
    pieces.push(piece)
    length += piece.length
    if (length >= headBytes) break
  }
  if (pieces.length === 1) return pieces[0]!.subarray(0, headBytes)
  const head = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    head.set(piece, at)
    at += piece.length
  }
  return head.subarray(0, headBytes)
}

async function find(input: ReadInput, options: ReadOptions): Promise<Detected> {
  const formats = options.formats ?? allFormats
  if (options.format !== undefined) {
    const entry = formats.find(({ meta }) => meta.name === options.format)
    const names = formats.map(({ meta }) => meta.name).join(', ')
    if (!entry) throw readError('corrupt', input, `there is no format "${options.format}"`, `choose one of: ${names}`)
    return { entry }
  }
  const head = await headOf(input, options.abortSignal)
  return detect(formats, input, head, async () => {
    checkSize(input, input.size, withLimits(options.limits))
    return input.bytes(options.abortSignal)
  })
}

/** The name and version of the format that reads a file. Throws as `read` does before its first Source. */
export async function formatOf(
  input: ReadInput,
  options: ReadOptions = {},
): Promise<{ readonly name: string; readonly version: number }> {
  try {
    const { name, version } = (await find(once(input), options)).entry.meta
    return { name, version }
  } catch (error) {
    options.abortSignal?.throwIfAborted()
    throw asReadError(error, input, 'a file')
  }
}

/** The present version of a format, or undefined when there is none of that name. */
export const formatVersion = (name: string): number | undefined =>
  allFormats.find(({ meta }) => meta.name === name)?.meta.version

/**
 * One file to its Sources: its format is found from content and name, and loaded when it is needed.
 * Throws `FoveaError` with the codes `empty`, `binary`, `corrupt`, `encrypted`, `too-large`, `too-deep`, `no-text`,
 * `unreadable` or `vanished`; the message names the file, the reason and what to do.
 */
export async function* read(input: ReadInput, options: ReadOptions = {}): AsyncIterable<Source> {
  const { abortSignal, judgeHeading } = options
  const warn = (warning: Warning): void => options.warn?.(warning)
  const limits = withLimits(options.limits)
  let name = 'a file'
  try {
    const shared = once(input)
    const { entry, mislabelled } = await find(shared, options)
    const { meta } = entry
    name = meta.name
    if (mislabelled)
      warn({
        code: 'mislabelled',
        uri: input.uri,
        message: `${input.uri}: by its content it is ${name}, and was read so`,
      })
    if (!meta.streams) checkSize(input, input.size, limits)
    const context: ReadContext = {
      limits,
      warn,
      ...(abortSignal ? { abortSignal } : {}),
      ...(judgeHeading ? { judgeHeading } : {}),
    }
    let any = false
    for await (const source of (await entry.load()).default(shared, context)) {
      abortSignal?.throwIfAborted()
      any = true
      yield source.time === undefined && input.modified !== undefined ? { ...source, time: input.modified } : source
    }
    if (!any) throw readError('no-text', input, `nothing in it can be read as ${name}`, 'leave it out or convert it')
  } catch (error) {
    abortSignal?.throwIfAborted()
    throw asReadError(error, input, name)
  }
}

/** Bytes held in memory as an input. */
export function bytesInput(uri: string, bytes: Uint8Array, modified?: number): ReadInput {
  return {
    uri,
    size: bytes.length,
    ...(modified === undefined ? {} : { modified }),
    bytes: async () => bytes,
    async *stream() {
      yield bytes
    },
  }
}

/** Walks a file or folder on disk; files whose name no format knows are looked into and left out as `binary` when they are no text. */
export const walk: Walker = async function* (root, options) {
  const walker = walkers.find(({ meta }) => meta.name === 'folder')!
  const isBinary = async (path: string, head: () => Promise<Uint8Array>): Promise<boolean> =>
    namedFormats(allFormats, path).length === 0 && looksBinary(await head()) && !startsAsFormat(await head())
  yield* (await walker.load()).default(root, { isBinary, ...options })
}

function startsAsFormat(head: Uint8Array): boolean {
  const start = hex(head.subarray(0, 16))
  return allFormats.some(({ meta }) => meta.magic?.some((magic) => start.startsWith(magic) && !meta.zipEntry))
}
