/** One message of a mailbox file, without its `From ` line and with its quoted `From ` lines as they were. */
export interface MailboxEntry {
  /** Offset of its `From ` line in the file. */
  readonly byte: number
  /** Absent when it is longer than the limit. */
  readonly bytes?: Uint8Array
}

const from = [0x46, 0x72, 0x6f, 0x6d, 0x20] // "From "
const newline = 0x0a
const quote = 0x3e

const startsFrom = (bytes: Uint8Array, at: number): boolean => from.every((byte, index) => bytes[at + index] === byte)

const words = (bytes: Uint8Array, at: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 300)))

/** `From ` with a time of day, or with an address alone: no sentence. */
const isFromLine = (bytes: Uint8Array, at: number, end: number): boolean =>
  startsFrom(bytes, at) && /^From (?:.*\d:\d\d|\S+\s*$)/.test(words(bytes, at, end))

const isHeader = (bytes: Uint8Array, at: number, end: number): boolean =>
  /^[!-9;-~]+[ \t]*:/.test(words(bytes, at, end))

/** Turns `>From ` into `From ` and `>>From ` into `>From `, at the start of lines. */
export function unquote(bytes: Uint8Array): Uint8Array {
  let out: Uint8Array | undefined
  let length = 0
  let done = 0
  for (let at = bytes.indexOf(quote); at !== -1; at = bytes.indexOf(quote, at + 1)) {
    if (at > 0 && bytes[at - 1] !== newline) continue
    let end = at
    while (bytes[end] === quote) end++
    if (!startsFrom(bytes, end)) continue
    out ??= new Uint8Array(bytes.length)
    out.set(bytes.subarray(done, at), length)
    length += at - done
    done = at + 1
    at = end
  }
  if (!out) return bytes
  out.set(bytes.subarray(done), length)
  return out.subarray(0, length + bytes.length - done)
}

/** Bytes that grow at the end and are used up from the start. */
class Buffered {
  bytes: Uint8Array = new Uint8Array(1 << 16)
  start = 0
  end = 0

  add(chunk: Uint8Array): void {
    const length = this.end - this.start
    if (this.end + chunk.length > this.bytes.length) {
      const room = length + chunk.length
      const next = room * 2 > this.bytes.length ? new Uint8Array(room * 2) : this.bytes
      next.set(this.bytes.subarray(this.start, this.end))
      this.bytes = next
      this.start = 0
      this.end = length
    }
    this.bytes.set(chunk, this.end)
    this.end += chunk.length
  }
}

/**
 * The messages of a mailbox file in order. A message begins at a `From ` line at the start or after a blank line when
 * a header follows. Yields nothing when the file does not begin so. Holds one message of at most `longest` bytes.
 */
export async function* mailboxEntries(stream: AsyncIterable<Uint8Array>, longest: number): AsyncIterable<MailboxEntry> {
  const held = new Buffered()
  /** Offset in the file of `held.bytes[held.start]`. */
  let base = 0
  /** Place after `held.start` up to which lines have been looked at. */
  let seen = 0
  let begun = false
  let byte = 0
  let tooLong = false

  const drop = (count: number): void => {
    held.start += count
    base += count
    seen = Math.max(0, seen - count)
  }
  const take = (length: number): MailboxEntry => {
    const entry = tooLong ? { byte } : { byte, bytes: held.bytes.slice(held.start, held.start + length) }
    drop(length)
    return entry
  }

  const scan = function* (last: boolean): Iterable<MailboxEntry> {
    for (;;) {
      const { bytes, start, end } = held
      const at = start + seen
      const lineEnd = bytes.indexOf(newline, at)
      if (lineEnd === -1 || lineEnd >= end) return
      const next = bytes.indexOf(newline, lineEnd + 1)
      const whole = next !== -1 && next < end
      if (isFromLine(bytes, at, lineEnd) && blankBefore(bytes, start, at, begun)) {
        if (!whole && !last && end - lineEnd < 200) return
        if (isHeader(bytes, lineEnd + 1, whole ? next : end)) {
          const length = at - start
          if (begun) yield take(length)
          else drop(length)
          begun = true
          tooLong = false
          byte = base
          drop(lineEnd + 1 - held.start)
          continue
        }
      }
      seen = lineEnd + 1 - held.start
    }
  }

  for await (const chunk of stream) {
    held.add(chunk)
    yield* scan(false)
    if (!begun && held.end - held.start > 1 << 20) return
    if (held.end - held.start > longest) {
      tooLong = true
      // The last bytes stay: they may be the blank line before the next message, or its first line.
      drop(seen > 4 ? seen - 4 : held.end - held.start - 8)
    }
  }
  yield* scan(true)
  if (begun) yield take(held.end - held.start)
}

/** True at the start of what is held and after a blank line. */
function blankBefore(bytes: Uint8Array, start: number, at: number, begun: boolean): boolean {
  if (at === start) return !begun
  if (bytes[at - 1] !== newline) return false
  let before = at - 2
  if (bytes[before] === 0x0d) before--
  return before < start || bytes[before] === newline
}
