import { type Bytes, corrupt } from './bytes.ts'

/** Postings in one group. */
export const groupSize = 128
const widest = 24
const counts = new Int32Array(33)

const varintBytes = (bits: number): number => Math.max(1, Math.ceil(bits / 7))

/**
 * Packs numbers below 2^31 into equal widths, with the few that need more patched behind: the width byte (its high bit
 * set when there are patches, then their number), the packed low bits, the patches (index, high bits). After
 * Zukowski et al., "Super-Scalar RAM-CPU Cache Compression" (2006).
 */
export const pack = (values: Int32Array, count: number, out: Bytes): void => {
  counts.fill(0)
  for (let i = 0; i < count; i++) counts[32 - Math.clz32(values[i]!)]!++
  let best = 0
  let bestCost = Number.POSITIVE_INFINITY
  for (let width = 0; width <= widest; width++) {
    let cost = (count * width + 7) >> 3
    for (let bits = width + 1; bits < 32; bits++) {
      if (counts[bits]! > 0) cost += counts[bits]! * (1 + varintBytes(bits - width))
    }
    if (cost < bestCost) {
      bestCost = cost
      best = width
    }
  }
  let patches = 0
  for (let bits = best + 1; bits < 32; bits++) patches += counts[bits]!
  out.byte(patches > 0 ? best | 128 : best)
  if (patches > 0) out.byte(patches)
  const mask = (1 << best) - 1
  let held = 0
  let bits = 0
  if (best > 0) {
    out.reserve(((count * best) >> 3) + 1)
    for (let i = 0; i < count; i++) {
      held |= (values[i]! & mask) << bits
      bits += best
      while (bits >= 8) {
        out.byte(held & 255)
        held >>>= 8
        bits -= 8
      }
    }
    if (bits > 0) out.byte(held & 255)
  }
  if (patches === 0) return
  for (let i = 0; i < count; i++) {
    const high = values[i]! >>> best
    if (high === 0) continue
    out.byte(i)
    out.varint(high)
  }
}

/**
 * Unpacks `count` numbers and returns where the next record starts. Up to four bytes beyond the end are read, which
 * every block has (its checksum), and `out` must have room for `count` rounded up to a multiple of 8.
 */
export const unpack = (bytes: Uint8Array, start: number, count: number, out: Int32Array): number => {
  let at = start
  const head = bytes[at++]!
  const width = head & 127
  const patches = head > 127 ? bytes[at++]! : 0
  if (!(width <= widest && patches <= count)) throw corrupt('a group of postings has an impossible width')
  const mask = (1 << width) - 1
  if (width === 0) {
    for (let i = 0; i < count; i++) out[i] = 0
  } else if (width <= 4) {
    // Eight numbers are `width` bytes.
    for (let i = 0, p = at; i < count; i += 8, p += width) {
      let held = bytes[p]! | (bytes[p + 1]! << 8) | (bytes[p + 2]! << 16) | (bytes[p + 3]! << 24)
      out[i] = held & mask
      out[i + 1] = (held >>>= width) & mask
      out[i + 2] = (held >>>= width) & mask
      out[i + 3] = (held >>>= width) & mask
      out[i + 4] = (held >>>= width) & mask
      out[i + 5] = (held >>>= width) & mask
      out[i + 6] = (held >>>= width) & mask
      out[i + 7] = (held >>> width) & mask
    }
  } else if (width <= 8) {
    // Four numbers are at most 32 bits and start at a byte's first or fifth bit (its first when they are 32).
    for (let i = 0, bit = 0; i < count; i += 4, bit += width * 4) {
      const p = at + (bit >> 3)
      let held = (bytes[p]! | (bytes[p + 1]! << 8) | (bytes[p + 2]! << 16) | (bytes[p + 3]! << 24)) >>> (bit & 7)
      out[i] = held & mask
      out[i + 1] = (held >>>= width) & mask
      out[i + 2] = (held >>>= width) & mask
      out[i + 3] = (held >>> width) & mask
    }
  } else if (width <= 16) {
    for (let i = 0, bit = 0; i < count; i++, bit += width) {
      const p = at + (bit >> 3)
      out[i] = ((bytes[p]! | (bytes[p + 1]! << 8) | (bytes[p + 2]! << 16)) >> (bit & 7)) & mask
    }
  } else {
    for (let i = 0, bit = 0; i < count; i++, bit += width) {
      const p = at + (bit >> 3)
      out[i] = ((bytes[p]! | (bytes[p + 1]! << 8) | (bytes[p + 2]! << 16) | (bytes[p + 3]! << 24)) >>> (bit & 7)) & mask
    }
  }
  at += (count * width + 7) >> 3
  for (let i = 0; i < patches; i++) {
    const index = bytes[at++]!
    let byte = bytes[at++]!
    let high = byte & 127
    for (let shift = 7; byte > 127 && shift < 35; shift += 7) {
      byte = bytes[at++]!
      high |= (byte & 127) << shift
    }
    if (!(index < count)) throw corrupt('a patch lies outside its group of postings')
    out[index] = (out[index]! | (high << width)) & 0x7fffffff
  }
  if (!(at <= bytes.length)) throw corrupt('a group of postings runs past the end of its block')
  return at
}
