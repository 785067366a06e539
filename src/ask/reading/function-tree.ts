/** A function to be written, with those that it calls. */
export interface FunctionNode {
  readonly name: string
  /** Such as `total(prices, tax)`. */
  readonly signature: string
  readonly about: string
  readonly children: readonly FunctionNode[]
}

const line =
  /^(\s*)(?:[-*+]\s+|\d+[.)]\s+)?(?:async\s+)?(?:function\s+)?`?([A-Za-z_$][\w$]*)\s*\(([^)]*)\)`?\s*(?:(?::|->|—|–|-)\s*(.*))?$/

/**
 * A tree of functions from indented lines such as `total(prices): sum with tax`, each below the one that calls it; at most so many functions and so
 * deep. A name that was met is not taken again. Of several at the top, the first calls the others. Undefined where no line is one.
 */
export function functionTree(reply: string, most: number, deepest: number): FunctionNode | undefined {
  type Open = { name: string; signature: string; about: string; children: Open[] }
  const path: { indent: number; node: Open }[] = []
  const names = new Set<string>()
  let root: Open | undefined
  for (const raw of reply.replaceAll('\t', '  ').split('\n')) {
    const [, space, name, parameters, about = ''] = line.exec(raw) ?? []
    if (name === undefined || names.has(name) || names.size >= most) continue
    if (/^(if|for|while|switch|return|function|catch)$/.test(name)) continue
    const indent = space!.length
    while (path.length > 0 && path.at(-1)!.indent >= indent) path.pop()
    const parent = path.at(-1)?.node ?? root
    if (path.length >= deepest) continue
    const node: Open = { name, signature: `${name}(${parameters!.trim()})`, about: about.trim(), children: [] }
    names.add(name)
    if (parent) parent.children.push(node)
    else root = node
    path.push({ indent, node })
  }
  return root
}

/** Callees before their callers. */
export function* bottomUp(node: FunctionNode): Generator<FunctionNode> {
  for (const child of node.children) yield* bottomUp(child)
  yield node
}

/** The code of a reply: its first fence, else the reply; without `export`. */
export const codeIn = (reply: string): string =>
  (/```[\w-]*\n([\s\S]*?)(?:```|$)/.exec(reply)?.[1] ?? reply).replace(/^export\s+(default\s+)?/gm, '').trim()

/** Tests of a function among the lines of a reply: single-line calls of `assert` and `assertEqual` that name it. */
export const testsIn = (reply: string, name: string): string[] =>
  codeIn(reply)
    .split('\n')
    .map((text) => text.trim().replace(/;$/, ''))
    .filter(
      (text) => /^assert(Equal)?\(.*\)$/.test(text) && new RegExp(`\\b${name.replaceAll('$', '\\$')}\\(`).test(text),
    )
    .slice(0, 10)

/** What tests may call; it stands before a program under test. */
export const assertions = `const assert = (value, told) => { if (!value) throw new Error('a test failed' + (told ? ': ' + told : '')) }
const assertEqual = (value, wanted) => {
  const [one, other] = [JSON.stringify(value), JSON.stringify(wanted)]
  if (one !== other) throw new Error('a test failed: got ' + one + ', wanted ' + other)
}
`
