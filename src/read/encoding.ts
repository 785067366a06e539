/** How the bytes of a text are to be decoded: a label of TextDecoder and the length of the byte order mark. */
export interface EncodingChoice {
  readonly encoding: string
  readonly mark: number
}

const sampleBytes = 64 * 1024

/** The encoding that a byte order mark names. */
export function markedEncoding(bytes: Uint8Array): EncodingChoice | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', mark: 3 }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', mark: 2 }
  return undefined
}

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** UTF-16 without a mark: zero bytes stand on one side of the pairs only, and what they spell looks like writing. */
export function unmarkedUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const head = bytes.subarray(0, Math.min(4096, bytes.length & ~1))
  const pairs = head.length / 2
  let even = 0
  let odd = 0
  let ascii = 0
  for (let at = 0; at < head.length; at++) {
    const byte = head[at]!
    if (byte === 0) at % 2 === 0 ? even++ : odd++
    else if ((byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09) ascii++
  }
  const zeros = Math.max(even, odd)
  if (pairs < 2 || zeros < Math.max(2, pairs * 0.01)) return undefined
  const frequent = zeros >= pairs * 0.4
  if (Math.min(even, odd) > zeros * (frequent ? 0.05 : 0.5)) return undefined
  // Other scripts than Latin have few zeros, and half of their bytes or less would be ASCII.
  if (!frequent && ascii > head.length * 0.65) return undefined
  const encoding = odd > even ? 'utf-16le' : 'utf-16be'
  const text = new TextDecoder(encoding).decode(head)
  const written = text.match(/[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\t\n\r\f]/gu)?.join('').length ?? 0
  return written >= text.length * (frequent ? 0.9 : 0.97) ? encoding : undefined
}

/** Without the incomplete UTF-8 sequence that a cut may have left at the end. */
export function trimmed(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return bytes
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}

/** ISO-2022-JP is written in ASCII bytes with escape sequences. */
const escapes = (bytes: Uint8Array): boolean => {
  const at = bytes.subarray(0, sampleBytes).indexOf(0x1b)
  return (
    at !== -1 && (bytes[at + 1] === 0x24 || bytes[at + 1] === 0x28) && /[@BJ]/.test(String.fromCharCode(bytes[at + 2]!))
  )
}

/** The encoding of bytes that may be any text. `valid` is true when they are already known to be valid UTF-8. */
export async function chooseEncoding(bytes: Uint8Array, valid: boolean): Promise<EncodingChoice> {
  const marked = markedEncoding(bytes)
  if (marked) return marked
  const wide = unmarkedUtf16(bytes)
  if (wide) return { encoding: wide, mark: 0 }
  if (valid) return { encoding: escapes(bytes) ? await legacy(bytes, 'utf-8') : 'utf-8', mark: 0 }
  const { good, bad } = countSequences(bytes)
  if (good > bad) return { encoding: 'utf-8', mark: 0 }
  return { encoding: await legacy(bytes, undefined), mark: 0 }
}

/** Well-formed sequences of two bytes or more, and bytes that belong to none. */
function countSequences(bytes: Uint8Array): { good: number; bad: number } {
  let good = 0
  let bad = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte < 0x80) continue
    const length =
      byte >= 0xf0 && byte < 0xf5 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc2 && byte < 0xe0 ? 2 : 0
    let next = 1
    while (next < length && (bytes[at + next]! & 0xc0) === 0x80) next++
    if (length > 0 && (next === length || at + next >= bytes.length)) {
      good++
      at += next - 1
    } else bad++
  }
  return { good, bad }
}

/** The lines that hold bytes outside ASCII, up to 64 KiB: what tells legacy encodings apart. */
function telling(bytes: Uint8Array): Uint8Array {
  const sample = new Uint8Array(Math.min(sampleBytes, bytes.length))
  let used = 0
  for (let at = 0; at < bytes.length && used < sample.length; at++) {
    if (bytes[at]! < 0x80 && bytes[at] !== 0x1b) continue
    const from = Math.max(bytes.lastIndexOf(0x0a, at) + 1, at - 2048, 0)
    const newline = bytes.indexOf(0x0a, at)
    const to = Math.min(newline === -1 ? bytes.length : newline + 1, at + 2048, from + sample.length - used)
    sample.set(bytes.subarray(from, to), used)
    used += to - from
    at = Math.max(at, to - 1)
  }
  return sample.subarray(0, used)
}

const latin = /^(windows-125[02478]|iso-8859-(1|2|3|4|9|10|13|14|15|16)|macintosh)$/

async function legacy(bytes: Uint8Array, otherwise: string | undefined): Promise<string> {
  const { guessEncodings } = await import('./adapters/chardet.ts')
  const sample = telling(bytes)
  const guesses = guessEncodings(sample).filter(({ encoding }) => {
    const decoded = new TextDecoder(encoding).decode(sample)
    return (decoded.match(/\ufffd/g)?.length ?? 0) <= decoded.length / 200
  })
  const escaped = guesses.find(({ encoding }) => encoding.startsWith('iso-2022'))
  if (otherwise !== undefined) return escaped?.encoding ?? otherwise
  let high = 0
  let letters = 0
  for (const byte of sample) {
    if (byte >= 0x80) high++
    else if ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) letters++
  }
  if (high > letters) {
    const foreign = guesses.find(({ encoding }) => !latin.test(encoding))
    if (foreign && foreign.confidence >= 10) return foreign.encoding
  }
  const western = guesses.find(({ encoding }) => encoding === 'windows-1252')
  const best = guesses[0]
  if (best && best.confidence >= 40 && best.confidence >= (western?.confidence ?? 0) + 15) return best.encoding
  return isWestern(sample) ? 'windows-1252' : 'utf-8'
}

/** True when bytes read as windows-1252 give words with accents and printers' signs rather than strays. */
function isWestern(sample: Uint8Array): boolean {
  const text = new TextDecoder('windows-1252').decode(sample)
  let strays = 0
  let fitting = 0
  for (const match of text.matchAll(/[\u0080-\uffff]/g)) {
    const sign = match[0]
    const around = (text[match.index - 1] ?? ' ') + (text[match.index + 1] ?? ' ')
    if (/[\u0080-\u009f\u00ff]/.test(sign)) strays++
    else if (!/\p{L}/u.test(sign) || /[a-zA-Z]/.test(around) || /[àÀèÈéÉêóÓòíìùúûôâåÅöÖäÄñ]/.test(sign)) fitting++
    else strays++
  }
  return fitting > strays * 4
}
