/** A value as a constructor's argument, read and never run. `call` is another constructor. */
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | Constructed
  | { readonly [key: string]: Value }
export interface Constructed {
  readonly call: string
  readonly positional: readonly Value[]
  readonly named: Readonly<Record<string, Value>>
}
export const isConstructed = (value: unknown): value is Constructed =>
  typeof value === 'object' && value !== null && 'call' in value && 'positional' in value

/** Why a piece of code was not taken: it is no plain instance of a class. */
class Unreadable extends Error {}

const deepest = 20

/**
 * Reads code that makes instances, such as `Person(name="Ann", employer=Firm("X"))` or lists of them and names given to them, without
 * running any of it: only literals, lists, dictionaries, constructors of the classes `known` and names set before are understood; a call of
 * anything else, an operator, an index or a formatted string makes its statement unreadable. Prose around the code is passed over.
 */
export function constructorsIn(
  code: string,
  known: ReadonlySet<string>,
): { readonly made: Constructed[]; readonly refused: string[] } {
  const made = new Set<Constructed>()
  const inner = new Set<Value>()
  const refused: string[] = []
  const names = new Map<string, Value>()
  const collect = (value: Value): void => {
    if (Array.isArray(value)) for (const item of value) collect(item)
    else if (isConstructed(value)) made.add(value)
  }
  for (let at = 0; at < code.length; ) {
    const line = lineEnd(code, at)
    const text = code.slice(at, line)
    const given = /^\s*([A-Za-z_]\w*)\s*(?::[^=]*)?=\s*(?!=)/.exec(text)
    const head = text.slice(given?.[0].length ?? 0).replace(/^[\s>\-*`]*(?:\d+[.)]\s+)?/, '')
    const call = /^([A-Za-z_]\w*)\s*\(/.exec(head)?.[1]
    const opens = call !== undefined ? known.has(call) || /^[A-Z]/.test(call) : /^\[\s*(?:$|[A-Za-z_#])/.test(head)
    if (!opens) {
      at = line + 1
      continue
    }
    const reader = new Reader(code, line - head.length, known, names, inner)
    try {
      const value = reader.value(0)
      if (!/^[ \t`]*[,;.]?[ \t]*(#[^\n]*)?(\n|$)/.test(code.slice(reader.at)))
        throw new Unreadable('more than an instance')
      if (given) names.set(given[1]!, value)
      collect(value)
      at = lineEnd(code, reader.at) + 1
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      refused.push(`${head.slice(0, 80).trim()}: ${error.message}`)
      at = line + 1
    }
  }
  return { made: [...made].filter((value) => !inner.has(value)), refused }
}
const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}
class Reader {
  at: number
  readonly #code: string
  readonly #known: ReadonlySet<string>
  readonly #names: ReadonlyMap<string, Value>
  /** Instances that stand inside another. */
  readonly #within: Set<Value>

  constructor(
    code: string,
    at: number,
    known: ReadonlySet<string>,
    names: ReadonlyMap<string, Value>,
    inner: Set<Value>,
  ) {
    this.at = at
    this.#code = code
    this.#known = known
    this.#names = names
    this.#within = inner
  }

  value(depth: number): Value {
    if (depth > deepest) throw new Unreadable('too deep')
    this.#space()
    const next = this.#code[this.at]
    if (next === undefined) throw new Unreadable('cut off')
    if (next === '[' || next === '(') return this.#list(next === '[' ? ']' : ')', depth)
    if (next === '{') return this.#dictionary(depth)
    if (next === '"' || next === "'") return this.#texts()
    const number = this.#take(/[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/y)
    if (number !== undefined) return Number(number.replaceAll('_', ''))
    const word = this.#take(/[A-Za-z_]\w*/y)
    if (word === undefined) throw new Unreadable(`unexpected ${next}`)
    if (/^[rbfu]{1,2}$/i.test(word) && /["']/.test(this.#code[this.at] ?? ''))
      throw new Unreadable('a string with a prefix')
    if (word === 'True' || word === 'true') return true
    if (word === 'False' || word === 'false') return false
    if (['None', 'null', 'undefined'].includes(word)) return null
    this.#space()
    if (this.#code[this.at] === '(') return this.#instance(word, depth)
    const named = this.#names.get(word)
    if (named === undefined) throw new Unreadable(`${word} is not known`)
    return named
  }

  #instance(call: string, depth: number): Constructed {
    if (!this.#known.has(call)) throw new Unreadable(`${call} is no class of the schema`)
    this.at++
    const positional: Value[] = []
    const named: Record<string, Value> = {}
    for (;;) {
      this.#space()
      if (this.#skip(')')) break
      const name = this.#take(/[A-Za-z_]\w*(?=\s*=(?!=))/y)
      if (name !== undefined) {
        this.#space()
        this.at++
        Object.defineProperty(named, name, { value: this.#inner(depth), enumerable: true, configurable: true })
      } else positional.push(this.#inner(depth))
      this.#space()
      if (!this.#skip(',') && this.#code[this.at] !== ')') throw new Unreadable('an argument that is no plain value')
    }
    return { call, positional, named }
  }
  #inner(depth: number): Value {
    const value = this.value(depth + 1)
    for (const item of Array.isArray(value) ? value : [value]) if (isConstructed(item)) this.#within.add(item)
    return value
  }

  #list(close: string, depth: number): Value {
    this.at++
    const items: Value[] = []
    for (;;) {
      this.#space()
      if (this.#skip(close)) return items
      items.push(this.value(depth + 1))
      this.#space()
      if (!this.#skip(',') && this.#code[this.at] !== close) throw new Unreadable('an item that is no plain value')
    }
  }

  #dictionary(depth: number): Value {
    this.at++
    const entries: [string, Value][] = []
    for (;;) {
      this.#space()
      if (this.#skip('}')) return Object.fromEntries(entries)
      const key = this.value(depth + 1)
      this.#space()
      if (typeof key !== 'string' || !this.#skip(':')) throw new Unreadable('no plain dictionary')
      entries.push([key, this.#inner(depth)])
      this.#space()
      if (!this.#skip(',') && this.#code[this.at] !== '}') throw new Unreadable('an entry that is no plain value')
    }
  }

  /** String literals; those that stand side by side are one. */
  #texts(): string {
    let text = ''
    for (;;) {
      const quote = this.#code[this.at]!
      const long = this.#code.startsWith(quote.repeat(3), this.at) ? quote.repeat(3) : quote
      this.at += long.length
      for (;;) {
        const next = this.#code[this.at]
        if (next === undefined || (next === '\n' && long.length === 1))
          throw new Unreadable('a string that does not end')
        if (this.#code.startsWith(long, this.at)) break
        if (next === '\\') {
          const escaped = this.#code[this.at + 1] ?? ''
          const code = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/i.exec(this.#code.slice(this.at + 1))
          text += code
            ? String.fromCharCode(Number.parseInt(code[1] ?? code[2]!, 16))
            : (({ n: '\n', t: '\t', r: '\r', '\n': '' } as Record<string, string>)[escaped] ?? escaped)
          this.at += 1 + (code ? code[0].length : 1)
        } else {
          text += next
          this.at++
        }
      }
      this.at += long.length
      const before = this.at
      this.#space()
      if (!/["']/.test(this.#code[this.at] ?? '')) {
        this.at = before
        return text
      }
    }
  }

  #space(): void {
    this.#take(/(?:\s|#[^\n]*(?:\n|$))*/y)
  }
  #skip(text: string): boolean {
    if (!this.#code.startsWith(text, this.at)) return false
    this.at += text.length
    return true
  }
  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.#code)
    if (!found) return undefined
    this.at = pattern.lastIndex
    return found[0]
  }
}
