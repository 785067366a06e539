import { integer, pick } from '../random.ts'

/** A step that changes a list, as Python has it. */
export type Operation =
  | { readonly kind: 'append' | 'remove'; readonly value: number }
  | { readonly kind: 'insert' | 'add'; readonly at: number; readonly value: number }
  | { readonly kind: 'pop'; readonly at: number }
  | { readonly kind: 'extend'; readonly values: readonly number[] }
  | { readonly kind: 'reverse' | 'sort' }
export const views = ['print', 'length', 'sum', 'min', 'max', 'slice'] as const
export type ViewKind = (typeof views)[number]
/** What is asked of the list in the end; `from` and `to` bound a slice. */
export interface ListView {
  readonly kind: ViewKind
  readonly from: number
  readonly to: number
}

export function writeOperation(operation: Operation, name: string): string {
  switch (operation.kind) {
    case 'append':
    case 'remove':
      return `${name}.${operation.kind}(${operation.value})`
    case 'insert':
      return `${name}.insert(${operation.at}, ${operation.value})`
    case 'add':
      return `${name}[${operation.at}] ${operation.value < 0 ? '-' : '+'}= ${Math.abs(operation.value)}`
    case 'pop':
      return `${name}.pop(${operation.at})`
    case 'extend':
      return `${name}.extend(${writeList(operation.values)})`
    default:
      return `${name}.${operation.kind}()`
  }
}

export const writeList = (list: readonly number[]): string => `[${list.join(', ')}]`

export function writeView({ kind, from, to }: ListView, name: string): string {
  if (kind === 'print') return `print(${name})`
  if (kind === 'slice') return `print(${name}[${from}:${to}])`
  return `print(${kind === 'length' ? 'len' : kind}(${name}))`
}

/** Whether Python would carry the step out without an error. */
export function allowed(operation: Operation, list: readonly number[]): boolean {
  if (operation.kind === 'remove') return list.includes(operation.value)
  return (operation.kind !== 'pop' && operation.kind !== 'add') || operation.at < list.length
}

/** The list after a step; one that cannot be carried out changes nothing. */
export function applied(operation: Operation, list: readonly number[]): number[] {
  if (!allowed(operation, list)) return [...list]
  switch (operation.kind) {
    case 'append':
      return [...list, operation.value]
    case 'extend':
      return [...list, ...operation.values]
    case 'insert':
      return list.toSpliced(operation.at, 0, operation.value)
    case 'pop':
      return list.toSpliced(operation.at, 1)
    case 'remove':
      return list.toSpliced(list.indexOf(operation.value), 1)
    case 'add':
      return list.with(operation.at, list[operation.at]! + operation.value)
    case 'reverse':
      return list.toReversed()
    case 'sort':
      return list.toSorted((one, other) => one - other)
  }
}

export function seenBy({ kind, from, to }: ListView, list: readonly number[]): string {
  if (kind === 'print') return writeList(list)
  if (kind === 'slice') return writeList(list.slice(from, to))
  if (kind === 'length') return String(list.length)
  if (kind === 'sum') return String(list.reduce((sum, value) => sum + value, 0))
  return list.length === 0 ? 'ValueError' : String(kind === 'min' ? Math.min(...list) : Math.max(...list))
}

const run = (start: readonly number[], operations: readonly Operation[]): readonly number[] =>
  operations.reduce<readonly number[]>((list, operation) => applied(operation, list), start)

export interface Program {
  readonly start: readonly number[]
  readonly operations: readonly Operation[]
  readonly view: ListView
}

/** What is printed when only some of the program was seen: first whether its beginning was, then each step. */
export const printed = ({ start, operations, view }: Program, seen: readonly boolean[]): string =>
  seenBy(
    view,
    run(
      seen[0] ? start : [],
      operations.filter((_, index) => seen[index + 1]),
    ),
  )

/** Whether Python runs it, its list stays handy, and what is printed would be something else without any one of its lines. */
export function sound(program: Program): boolean {
  let list = program.start
  for (const operation of program.operations) {
    if (!allowed(operation, list)) return false
    list = applied(operation, list)
    if (list.length < 2 || list.length > 16) return false
  }
  const all = [true, ...program.operations.map(() => true)]
  const gold = printed(program, all)
  return all.every((_, left) => printed(program, all.with(left, false)) !== gold)
}

const value = (random: () => number): number => integer(10, 99, random)
const makers: readonly ((list: readonly number[], random: () => number) => Operation)[] = [
  (_, random) => ({ kind: 'append', value: value(random) }),
  (_, random) => ({ kind: 'extend', values: [value(random), value(random)] }),
  (list, random) => ({ kind: 'insert', at: integer(0, list.length, random), value: value(random) }),
  (list, random) => ({ kind: 'pop', at: integer(0, list.length - 1, random) }),
  (list, random) => ({ kind: 'remove', value: pick(list, random) }),
  (list, random) => ({ kind: 'add', at: integer(0, list.length - 1, random), value: integer(2, 40, random) }),
  (list, random) => ({ kind: 'add', at: integer(0, list.length - 1, random), value: -integer(2, 40, random) }),
  () => ({ kind: 'reverse' }),
  () => ({ kind: 'sort' }),
]

/**
 * A program of so many steps each of which counts. It begins as a plain one of that kind and is then changed step by step,
 * keeping only changes after which every line still counts.
 */
export function makeProgram(kind: ViewKind, count: number, random: () => number): Program {
  const start = Array.from({ length: integer(4, 7, random) }, () => value(random))
  const from = integer(0, 2, random)
  const view: ListView = { kind, from, to: from + integer(2, 3, random) }
  const at =
    kind === 'max' ? start.indexOf(Math.max(...start)) : kind === 'min' ? start.indexOf(Math.min(...start)) : from
  const step = (): Operation => {
    if (kind === 'length') return { kind: 'append', value: value(random) }
    const by = integer(2, 40, random)
    return { kind: 'add', at, value: kind === 'min' ? -by : by }
  }
  // A list that only grows must not outgrow itself: every other step takes something away again.
  let operations = Array.from({ length: count }, (_, index): Operation => {
    if (kind === 'length' && index >= 6 && index % 2 === 0) return { kind: 'pop', at: 0 }
    return step()
  })
  for (let round = 0; round < 12 * count + 30; round++) {
    const index = integer(0, count - 1, random)
    const before = run(start, operations.slice(0, index))
    const changed = operations.with(index, pick(makers, random)(before, random))
    if (sound({ start, operations: changed, view })) operations = changed
  }
  return { start, operations, view }
}
