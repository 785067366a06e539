/**
 * Classes of UTF-16 units, in the order of the tables below: space, line break, lower-case letter, upper-case letter,
 * digit, other ASCII, accented Latin, Cyrillic, Greek, Semitic scripts, Devanagari, other scripts of South and
 * South-East Asia, Han, kana, Hangul, full-width signs, typographic signs, half of a surrogate pair, anything else.
 */
const classCount = 19
const [space, upper, lower, digit] = [0, 3, 2, 4]
/** Highest code unit (inclusive) of each class that is one range above ASCII, in order. */
const ranges: readonly (readonly [last: number, kind: number])[] = [
  [0xbf, 16],
  [0x36f, 6],
  [0x3ff, 8],
  [0x52f, 7],
  [0x8ff, 9],
  [0x97f, 10],
  [0x10ff, 11],
  [0x11ff, 14],
  [0x1dff, 11],
  [0x1fff, 6],
  [0x2e7f, 16],
  [0x303f, 15],
  [0x30ff, 13],
  [0xabff, 12],
  [0xd7af, 14],
  [0xdfff, 17],
  [0xfeff, 18],
  [0xffff, 15],
]

/** Thousandths of a token for a unit of the column's class right after one of the row's class. */
// biome-ignore format: a table
const changeCost: readonly (readonly number[])[] = [
  [700, 0, 358, 723, 1678, 383, 853, 286, 831, 693, 305, 590, 773, 398, 450, 1047, 720, 699, 747],
  [60, 700, 582, 1490, 819, 399, 700, 871, 651, 700, 700, 700, 852, 688, 708, 802, 665, 700, 750],
  [440, 1124, 700, 1501, 1070, 509, 405, 639, 706, 700, 700, 700, 583, 724, 783, 959, 1007, 700, 700],
  [521, 878, 700, 700, 1564, 483, 1327, 703, 880, 700, 700, 700, 254, 683, 629, 469, 831, 702, 700],
  [593, 794, 974, 1421, 700, 446, 760, 737, 913, 700, 700, 700, 1281, 783, 805, 1025, 1263, 700, 700],
  [749, 376, 743, 1325, 1347, 700, 845, 1486, 855, 748, 1175, 749, 998, 656, 1151, 0, 1303, 704, 700],
  [833, 700, 962, 720, 751, 816, 700, 700, 753, 700, 700, 700, 700, 700, 700, 700, 700, 700, 700],
  [558, 704, 670, 686, 724, 1395, 700, 700, 700, 700, 700, 700, 700, 700, 700, 700, 938, 700, 700],
  [314, 1037, 723, 834, 827, 996, 700, 700, 700, 700, 700, 700, 704, 700, 700, 700, 679, 700, 700],
  [0, 511, 700, 700, 700, 2200, 700, 700, 700, 700, 700, 700, 700, 700, 700, 700, 700, 700, 700],
  [585, 335, 700, 700, 700, 1401, 700, 700, 700, 700, 700, 700, 700, 700, 700, 700, 777, 700, 700],
  [479, 669, 700, 700, 700, 782, 700, 700, 700, 700, 700, 700, 700, 700, 700, 700, 700, 700, 700],
  [977, 965, 772, 332, 0, 1698, 708, 700, 704, 700, 700, 700, 700, 1275, 700, 954, 1134, 700, 695],
  [536, 873, 700, 709, 837, 656, 700, 700, 700, 700, 700, 700, 816, 700, 700, 932, 719, 700, 700],
  [712, 651, 700, 700, 700, 998, 700, 700, 700, 700, 700, 700, 700, 700, 700, 700, 691, 700, 700],
  [891, 640, 716, 505, 438, 822, 700, 700, 700, 700, 700, 700, 1076, 950, 700, 700, 403, 700, 700],
  [526, 1239, 593, 1103, 1119, 970, 696, 1032, 693, 700, 777, 700, 1114, 700, 691, 566, 700, 700, 700],
  [704, 700, 700, 700, 700, 702, 700, 700, 700, 700, 700, 700, 699, 700, 700, 700, 700, 700, 700],
  [700, 700, 700, 754, 700, 700, 700, 761, 700, 700, 700, 700, 677, 700, 700, 700, 700, 700, 700],
]

/**
 * Thousandths of a token for the second, third, ... letter of a word (signs: of a run) within one class, the last entry
 * going on; digits: for the second, third and fourth, in threes.
 */
// biome-ignore format: a table
const runCost: readonly (readonly number[])[] = [
  [876, 0, 0, 0, 0, 0, 15],
  [44, 177, 162, 148, 135, 130, 133],
  [115, 52, 0, 0, 17, 107, 122, 17, 81, 132, 166, 277, 359, 546, 610, 431, 235, 121, 250],
  [264, 85, 57, 63, 13, 96, 341, 388, 460, 501, 550],
  [0, 126, 801],
  [448, 0, 169, 204, 180, 154, 60],
  [212, 170, 124, 133, 110, 79, 122, 143, 155, 155, 141],
  [0, 153, 401, 237, 252, 87, 142, 0, 0, 2, 200],
  [0, 87, 294, 365, 342, 408, 420, 356, 227, 209, 165],
  [154, 200, 502, 473, 11, 0, 84, 374, 480, 573, 530],
  [96, 155, 143, 264, 173, 191, 293, 196, 136, 95, 120],
  [264, 329, 422, 454, 460, 384, 321, 281, 291, 333, 421],
  [674, 908, 562, 858, 757, 717, 764],
  [613, 566, 601, 498, 495, 560, 698],
  [575, 435, 574, 689, 648, 586, 534, 526, 531, 533],
  [535, 507, 495],
  [224, 177, 141, 131, 136, 139, 140],
  [605],
  [700],
]

const isLetterClass = (kind: number): boolean =>
  (kind >= lower && kind <= upper) || (kind >= 6 && kind <= 11) || kind === 14

function classTable(): Uint8Array {
  const table = new Uint8Array(65536).fill(5, 0, 128)
  for (const code of [9, 32]) table[code] = space
  for (const code of [10, 13]) table[code] = 1
  table.fill(digit, 48, 58).fill(upper, 65, 91).fill(lower, 97, 123)
  let from = 128
  for (const [last, kind] of ranges) {
    table.fill(kind, from, last + 1)
    from = last + 1
  }
  return table
}

const longest = 20
/** States are a class and the length of the run or word so far; an entry packs the next state and the cost. */
function transitionTable(): Int32Array {
  const table = new Int32Array(classCount * longest * 32)
  for (let kind = 0; kind < classCount; kind++)
    for (let length = 1; length <= longest; length++)
      for (let next = 0; next < classCount; next++) {
        const inWord = isLetterClass(kind) && isLetterClass(next)
        const goesOn = kind === next || (kind === upper && next === lower)
        const nextLength = goesOn || inWord ? Math.min(length + 1, longest) : 1
        const run = runCost[next]!
        const cost = !goesOn
          ? changeCost[kind]![next]!
          : next === digit
            ? run[(length + 2) % 3]!
            : (run[Math.min(length, run.length) - 1] ?? 0)
        const digitLength = next === digit && goesOn ? (length % 3) + 1 : nextLength
        table[(kind * longest + length - 1) * 32 + next] = ((next * longest + digitLength - 1) * 32 * 4096) | cost
      }
  return table
}

const classes = classTable()
const transitions = transitionTable()

const block = 512

/** Thousandths of a token in a range: what `estimateTokens` rounds up. It may stop early at a sum above `enough`. */
export function estimateFine(text: string, start: number, end: number, enough = Number.POSITIVE_INFINITY): number {
  let state = 0
  let sum = 0
  for (let at = start; at < end && sum <= enough; ) {
    const stop = Math.min(end, at + block)
    for (; at < stop; at++) {
      const entry = transitions[state + classes[text.charCodeAt(at)]!]!
      sum += entry & 4095
      state = entry >> 12
    }
  }
  return sum
}

/**
 * Estimate of the o200k_base tokens in `text` from `start` to `end` (UTF-16 offsets), by the classes of neighbouring
 * characters and the length of words; 0 for nothing, else at least 1. It is for sizes, never for budgets.
 *
 * Relative error over windows of 1,000 characters, median and 99th percentile in percent. Kinds of text that it was
 * calibrated on: English essays 1.7, 8; encyclopedia 3.3, 13; biomedical 2.7, 15; reports with tables 1.8, 7; German
 * 4.5, 16; Spanish 4.6, 17; Russian 5.2, 25; Chinese 3.6, 17; technical Markdown 1.6, 7; Python in JSON 2.7, 10; HTML
 * 2.3, 11; JSON 2.1, 7; CSV 2.3, 9; hexadecimal keys 0.5, 3; numbers 0.2, 1; base64 0.7, 4; and on less than 35
 * windows each Hindi 2.9, 11; Arabic 3.8, 11; Hebrew 5.1, 11; Greek 1.3, 8; Thai 4.0, 7; Japanese 1.5, 4; Korean 2.6,
 * 9. Kinds that it never saw: contracts 3.8, 20; lectures 3.8, 9; fiction 4.7, 12; chats 4.2, 11; JavaScript 7.6, 27;
 * C headers 7.0, 40; Portuguese 4.8, 10; Turkish 5.2, 14; French 9.5, 15; Urdu 7.8, 11; Bulgarian 15.7, 25 and Polish
 * 21, 28 (both too low); Bengali 26, 38 (too high).
 */
export function estimateTokens(text: string, start = 0, end: number = text.length): number {
  const from = Math.max(0, start)
  return (
    Math.ceil(estimateFine(text, from, Math.min(end, text.length)) / 1000) ||
    (from < Math.min(end, text.length) ? 1 : 0)
  )
}
