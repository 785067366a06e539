import { readFile } from 'node:fs/promises'
import { FoveaError } from '../../core/index.ts'
import { type FileRequest, place } from './files.ts'

const mark = Symbol('mark')

/**
 * A Python pickle (protocol 2 and later) of a map from strings to strings. Only the operations of maps and strings are
 * known: nothing of a pickle is ever run. Throws `data-missing`, and `data-invalid` when it is of another kind.
 */
export async function readPickledTexts(request: FileRequest, path: string): Promise<Map<string, string>> {
  const file = await place(request, path)
  const bytes = await readFile(file)
  const other = (what: string): FoveaError =>
    new FoveaError('data-invalid', `${file} is no pickled map of texts (${what}); save the texts as files instead`)
  const stack: unknown[] = []
  const memo: unknown[] = []
  let at = 0
  const number = (size: 1 | 4 | 8): number => {
    if (at + size > bytes.length) throw other('it ends early')
    const value = size === 8 ? Number(bytes.readBigUInt64LE(at)) : bytes.readUIntLE(at, size)
    at += size
    return value
  }
  const text = (size: 1 | 4 | 8): string => {
    const length = number(size)
    if (at + length > bytes.length) throw other('it ends early')
    at += length
    return bytes.toString('utf8', at - length, at)
  }
  const set = (map: unknown, items: readonly unknown[]): void => {
    if (!(map instanceof Map)) throw other('items of no map')
    for (let item = 0; item < items.length; item += 2) {
      if (typeof items[item] !== 'string' || typeof items[item + 1] !== 'string') throw other('an item is no text')
      map.set(items[item], items[item + 1])
    }
  }
  /** What each operation does, by the letter or byte that stands for it. */
  const operations: Readonly<Record<number, () => void>> = {
    128: () => void number(1),
    149: () => void number(8),
    140: () => stack.push(text(1)),
    88: () => stack.push(text(4)),
    141: () => stack.push(text(8)),
    125: () => stack.push(new Map()),
    40: () => stack.push(mark),
    148: () => memo.push(stack.at(-1)),
    113: () => void (memo[number(1)] = stack.at(-1)),
    114: () => void (memo[number(4)] = stack.at(-1)),
    104: () => stack.push(memo[number(1)]),
    106: () => stack.push(memo[number(4)]),
    115: () => {
      const items = stack.splice(-2)
      set(stack.at(-1), items)
    },
    117: () => {
      const items = stack.splice(stack.lastIndexOf(mark) + 1)
      stack.pop()
      set(stack.at(-1), items)
    },
  }
  while (at < bytes.length) {
    const operation = bytes[at++]!
    if (operation === 46) {
      const [map] = stack
      if (map instanceof Map) return map as Map<string, string>
      throw other('it holds no map')
    }
    const run = operations[operation]
    if (!run) throw other(`operation ${operation}`)
    run()
  }
  throw other('it ends early')
}
