/**
 * Trees of decisions, each asking the same question of all rows at one depth: `depth` splits and `2 ** depth` leaves.
 * Prokhorenkova et al. 2018, CatBoost, arXiv 1706.09516.
 */
export interface Forest {
  readonly features: number
  readonly depth: number
  readonly trees: number
  /** Of each tree, at each depth: which feature is asked, and what it must be greater than. */
  readonly feature: Uint8Array
  readonly border: Float32Array
  /** Of each tree, `2 ** depth` numbers. */
  readonly leaves: Float32Array
  /** What each feature adds by itself: where the trees start from. */
  readonly slopes: Float32Array
}

/** A forest as it is kept: borders of each feature, splits as indexes into them, leaves as whole numbers of `scale`. */
export interface StoredForest {
  readonly features: number
  readonly depth: number
  readonly trees: number
  readonly scale: number
  /** Base64 of the bytes that `encodeForest` made. */
  readonly bytes: string
}

/** The split that no row passes. */
export const noSplit = 255

export interface Grown {
  readonly features: number
  readonly depth: number
  /** Of each feature, at most 254 borders, rising. */
  readonly borders: readonly Float32Array[]
  readonly slopes: Float32Array
  readonly trees: readonly {
    readonly splits: readonly (readonly [feature: number, border: number])[]
    readonly leaves: Float64Array
  }[]
}

/** Little-endian: for each feature its slope, a count and its borders (32-bit floats), then for each tree its splits (two bytes each) and leaves (16 bits each). */
export function encodeForest({ features, depth, borders, slopes, trees }: Grown): StoredForest {
  let largest = 1e-9
  for (const { leaves } of trees) for (const leaf of leaves) largest = Math.max(largest, Math.abs(leaf))
  const scale = largest / 32_767
  const bytes: number[] = []
  const view = new DataView(new ArrayBuffer(4))
  const push = (number: number): void => {
    view.setFloat32(0, number, true)
    for (let at = 0; at < 4; at++) bytes.push(view.getUint8(at))
  }
  for (const [feature, own] of borders.entries()) {
    push(slopes[feature]!)
    bytes.push(own.length)
    for (const border of own) push(border)
  }
  for (const { splits, leaves } of trees) {
    for (let level = 0; level < depth; level++) bytes.push(...(splits[level] ?? [0, noSplit]))
    for (const leaf of leaves) {
      view.setInt16(0, Math.round(leaf / scale), true)
      bytes.push(view.getUint8(0), view.getUint8(1))
    }
  }
  return { features, depth, trees: trees.length, scale, bytes: toBase64(Uint8Array.from(bytes)) }
}

export function decodeForest({ features, depth, trees, scale, bytes }: StoredForest): Forest {
  const raw = fromBase64(bytes)
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  let at = 0
  const borders: Float32Array[] = []
  const slopes = new Float32Array(features)
  for (let each = 0; each < features; each++) {
    slopes[each] = view.getFloat32(at, true)
    at += 4
    const own = new Float32Array(raw[at++]!)
    for (let index = 0; index < own.length; index++, at += 4) own[index] = view.getFloat32(at, true)
    borders.push(own)
  }
  const size = 2 ** depth
  const feature = new Uint8Array(trees * depth)
  const border = new Float32Array(trees * depth)
  const leaves = new Float32Array(trees * size)
  for (let tree = 0; tree < trees; tree++) {
    for (let level = 0; level < depth; level++, at += 2) {
      feature[tree * depth + level] = raw[at]!
      border[tree * depth + level] = borders[raw[at]!]![raw[at + 1]!] ?? Number.POSITIVE_INFINITY
    }
    for (let leaf = 0; leaf < size; leaf++, at += 2) leaves[tree * size + leaf] = view.getInt16(at, true) * scale
  }
  return { features, depth, trees, feature, border, leaves, slopes }
}

/** Rows that are taken through one tree before the next, so that both stay at hand. */
const block = 128

/** One number for each row of a row-major matrix. */
export function scoreRows(forest: Forest, matrix: Float32Array, rows: number): Float64Array {
  const { features, depth, trees, feature, border, leaves, slopes } = forest
  const sloping = [...slopes.keys()].filter((feature) => slopes[feature] !== 0)
  const scores = new Float64Array(rows)
  for (let row = 0; row < rows; row++)
    for (const each of sloping) scores[row]! += slopes[each]! * matrix[row * features + each]!
  const columns = new Float32Array(features * block)
  const leafOf = new Int32Array(block)
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(rows - first, block)
    for (let row = 0, from = first * features; row < count; row++)
      for (let each = 0; each < features; each++) columns[each * block + row] = matrix[from++]!
    for (let tree = 0, split = 0; tree < trees; tree++) {
      leafOf.fill(tree << depth)
      for (let level = 0; level < depth; level++, split++) {
        const from = feature[split]! * block
        const least = border[split]!
        for (let row = 0; row < count; row++) if (columns[from + row]! > least) leafOf[row]! |= 1 << level
      }
      for (let row = 0; row < count; row++) scores[first + row]! += leaves[leafOf[row]!]!
    }
  }
  return scores
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
function fromBase64(text: string): Uint8Array {
  const raw = atob(text)
  const bytes = new Uint8Array(raw.length)
  for (let at = 0; at < raw.length; at++) bytes[at] = raw.charCodeAt(at)
  return bytes
}
