import type { Catalog } from '../core/index.ts'
import type { Format, FormatMeta, ReadInput } from './contract.ts'
import { decodeHead } from './decode.ts'
import { readError } from './problems.ts'
import { hex, looksBinary, office } from './sniff.ts'

export type FormatEntry = Catalog<FormatMeta, Format>[number]

/** Bytes of a file's start that are looked at. */
export const headBytes = 16_384

/** Names that a file's name may be known by, the longest first: the whole of it, then its endings. */
export function endings(uri: string): string[] {
  const name = uri.slice(Math.max(uri.lastIndexOf('/'), uri.lastIndexOf('\\')) + 1).toLowerCase()
  const found = [name]
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) found.push(name.slice(dot + 1))
  return found
}

/** Formats that know the file's name, those of its longest ending first. */
export function namedFormats(formats: readonly FormatEntry[], uri: string): FormatEntry[] {
  const names = endings(uri)
  const rank = ({ meta }: FormatEntry): number => names.findIndex((name) => meta.extensions.includes(name))
  const known = formats.filter((entry) => rank(entry) !== -1)
  return known.sort((one, two) => rank(one) - rank(two))
}

export interface Detected {
  readonly entry: FormatEntry
  /** Set when the content is not what the name says. */
  readonly mislabelled?: boolean
}

/**
 * The format of a file, by its first bytes, the entries of a zip, its name, and the pattern of its first characters.
 * Throws `empty`, `binary`, `corrupt` (an archive of another kind) and `encrypted`.
 */
export async function detect(
  formats: readonly FormatEntry[],
  input: ReadInput,
  head: Uint8Array,
  allBytes: () => Promise<Uint8Array>,
): Promise<Detected> {
  if (head.length === 0) throw readError('empty', input, 'it has no bytes', 'nothing can be found in it')
  const named = namedFormats(formats, input.uri)
  const start = hex(head.subarray(0, 64))
  const magical = formats.filter(({ meta }) => meta.magic?.some((magic) => start.startsWith(magic.toLowerCase())))
  const plain = magical.filter(({ meta }) => !meta.zipEntry)
  if (plain.length > 0) return choose(plain, named)
  if (start.startsWith('504b0304') || start.startsWith('504b0506'))
    return zipFormat(formats, named, input, await allBytes())
  const archive = named.find(({ meta }) => meta.zipEntry)
  if (start.startsWith(office)) throw await officeError(input, archive !== undefined, allBytes)
  // Some writers put a few bytes before the magic ones.
  const late = named.find(({ meta }) =>
    meta.magic?.some((magic) => hex(head.subarray(0, 1024)).includes(magic.toLowerCase())),
  )
  if (late) return { entry: late }
  const textual = named.filter(({ meta }) => !meta.zipEntry && !meta.magic)
  if (looksBinary(head, textual.length > 0)) {
    const wanted = archive ?? named.find(({ meta }) => meta.magic)
    if (wanted)
      throw readError(
        'corrupt',
        input,
        `it is no ${wanted.meta.name} file, whatever its name`,
        'check that it is whole',
      )
    throw readError('binary', input, 'it holds no text', 'leave it out or convert it')
  }
  const mislabelled = named.length > 0 && textual.length === 0
  const text = decodeHead(head).slice(0, 4096)
  const entry =
    byPattern(textual, text) ??
    textual.find(({ meta }) => meta.pattern === undefined || meta.pattern.startsWith('^#!')) ??
    byContent(formats, text)
  if (!entry) throw readError('binary', input, 'no format reads it', 'leave it out or convert it')
  return mislabelled ? { entry, mislabelled } : { entry }
}

function choose(found: readonly FormatEntry[], named: readonly FormatEntry[]): Detected {
  const both = found.find((entry) => named.includes(entry))
  return both || named.length === 0 ? { entry: both ?? found[0]! } : { entry: found[0]!, mislabelled: true }
}

const byPattern = (formats: readonly FormatEntry[], text: string): FormatEntry | undefined =>
  formats.find(({ meta }) => meta.pattern !== undefined && new RegExp(meta.pattern, 'u').test(text))

/** A format for text whose name says nothing. */
function byContent(formats: readonly FormatEntry[], text: string): FormatEntry | undefined {
  const named = (name: string): FormatEntry | undefined => formats.find(({ meta }) => meta.name === name)
  if (/^\s*(<!doctype\s+html|<html[\s>])/i.test(text)) return named('html') ?? named('text')
  const scripts = formats.filter(({ meta }) => meta.pattern?.startsWith('^#!'))
  return byPattern(scripts, text) ?? named('text')
}

function zipFormat(
  formats: readonly FormatEntry[],
  named: readonly FormatEntry[],
  input: ReadInput,
  bytes: Uint8Array,
): Detected {
  const names = zipNames(bytes)
  const found = formats.filter(({ meta }) => meta.zipEntry !== undefined && names.has(meta.zipEntry))
  if (found.length > 0) return choose(found, named)
  const wanted = named.find(({ meta }) => meta.zipEntry)
  if (wanted)
    throw readError(
      'corrupt',
      input,
      `it is an archive without ${wanted.meta.zipEntry}, so no ${wanted.meta.name} file`,
      'check that it is whole',
    )
  throw readError('binary', input, 'it is an archive', 'unpack it and read what is in it')
}

/** Names of the entries of a zip: from its directory, else from the entries in front of it. */
function zipNames(bytes: Uint8Array): Set<string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const names = new Set<string>()
  const text = new TextDecoder()
  const least = Math.max(0, bytes.length - 65_557)
  let at = -1
  for (let end = bytes.length - 22; end >= least && at === -1; end--)
    if (bytes[end] === 0x50 && view.getUint32(end, true) === 0x06054b50) at = view.getUint32(end + 16, true)
  while (at >= 0 && at + 46 <= bytes.length && view.getUint32(at, true) === 0x02014b50 && names.size < 65_536) {
    const length = view.getUint16(at + 28, true)
    names.add(text.decode(bytes.subarray(at + 46, at + 46 + length)))
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  if (names.size > 0) return names
  for (let entry = 0; entry !== -1 && entry + 30 <= bytes.length && names.size < 65_536; ) {
    if (view.getUint32(entry, true) === 0x04034b50)
      names.add(text.decode(bytes.subarray(entry + 30, entry + 30 + view.getUint16(entry + 26, true))))
    do entry = bytes.indexOf(0x50, entry + 1)
    while (entry !== -1 && entry + 4 <= bytes.length && view.getUint32(entry, true) !== 0x04034b50)
  }
  return names
}

async function officeError(input: ReadInput, modern: boolean, allBytes: () => Promise<Uint8Array>) {
  const bytes = await allBytes()
  const name = [...'EncryptedPackage'].flatMap((letter) => [letter.charCodeAt(0), 0])
  if (includes(bytes, name)) return readError('encrypted', input, 'it is encrypted', 'save it without a password')
  return modern
    ? readError('corrupt', input, 'it is an Office file of the old binary kind', 'save it in the present format')
    : readError('binary', input, 'it is an Office file of the old binary kind', 'save it as DOCX, PPTX or XLSX')
}

function includes(bytes: Uint8Array, wanted: readonly number[]): boolean {
  for (let at = bytes.indexOf(wanted[0]!); at !== -1; at = bytes.indexOf(wanted[0]!, at + 1))
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return true
  return false
}
