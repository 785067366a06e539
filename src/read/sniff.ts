import { isUtf8, markedEncoding, trimmed, unmarkedUtf16 } from './encoding.ts'

const knownBinaries = [
  '7f454c46', // ELF
  '89504e47', // PNG
  'ffd8ff', // JPEG
  '47494638', // GIF
  '1f8b', // gzip
  '425a68', // bzip2
  'fd377a585a', // xz
  '28b52ffd', // zstd
  '377abcaf271c', // 7z
  '526172211a07', // RAR
  'cafebabe', // Java class, Mach-O
  'cffaedfe', // Mach-O
  '0061736d', // WebAssembly
  '53514c69746520666f726d6174203300', // SQLite
  '774f4646', // WOFF
  '774f4632', // WOFF2
  '4f676753', // Ogg
  '494433', // MP3
  '664c6143', // FLAC
  '52494646', // RIFF
  '50415231', // Parquet
]
/** OLE: Office before 2007, and encrypted Office files. */
export const office = 'd0cf11e0a1b11ae1'

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/**
 * True when a file's first bytes are no text: a known binary, NUL, or many control characters. With `named`, the file's
 * name says that it is text, and a few NULs are taken for damage.
 */
export function looksBinary(head: Uint8Array, named = false): boolean {
  const start = hex(head.subarray(0, 16))
  if (start.startsWith(office)) return true
  if (knownBinaries.some((magic) => start.startsWith(magic)) && !(named && isUtf8(trimmed(head)) && !head.includes(0)))
    return true
  if (start.startsWith('504b0304') || start.startsWith('504b0506')) return true
  if (markedEncoding(head) || unmarkedUtf16(head)) return false
  let zeros = 0
  let controls = 0
  for (const byte of head) {
    if (byte === 0) zeros++
    else if (byte < 0x20 && (byte < 0x07 || byte > 0x0d) && byte !== 0x1b && byte !== 0x1a) controls++
  }
  return named
    ? zeros + controls > head.length * 0.06 && zeros + controls > 2
    : zeros > 0 || controls > head.length * 0.05
}
