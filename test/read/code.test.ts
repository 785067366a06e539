import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { FoveaError, type OutlineNode, type Source, type Warning } from '../../src/core/index.ts'
import { treeSitter } from '../../src/read/adapters/tree-sitter.ts'
import { languages } from '../../src/read/formats/code/languages.ts'
import code, { meta } from '../../src/read/formats/code.ts'
import { bytesInput, defaultLimits, type ReadLimits } from '../../src/read/index.ts'

const golden = join(import.meta.dirname, '../golden/code')

interface Outcome {
  readonly source: Source
  readonly warnings: Warning[]
}

async function read(uri: string, content: string | Uint8Array, limits: Partial<ReadLimits> = {}): Promise<Outcome> {
  const warnings: Warning[] = []
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const sources: Source[] = []
  const context = { limits: { ...defaultLimits, ...limits }, warn: (warning: Warning) => warnings.push(warning) }
  for await (const source of code(bytesInput(uri, bytes), context)) sources.push(source)
  assert.equal(sources.length, 1)
  return { source: sources[0]!, warnings }
}

/** Pre-order, sorted by start, children inside parents, siblings apart, whole characters. */
function assertOutline(source: Source): void {
  const nodes = source.outline ?? []
  const ends = new Map<number | undefined, number>()
  for (const [index, node] of nodes.entries()) {
    const parent = node.parent === undefined ? undefined : nodes[node.parent]!
    assert.ok(node.start < node.end && node.end <= source.text.length)
    assert.ok(node.parent === undefined || node.parent < index)
    assert.equal(node.level, (parent?.level ?? 0) + 1)
    assert.ok(node.start >= (parent?.start ?? 0) && node.end <= (parent?.end ?? source.text.length))
    assert.ok(node.start >= (ends.get(node.parent) ?? 0), 'siblings overlap')
    ends.set(node.parent, node.end)
    assert.ok(source.text.slice(node.start, node.end).isWellFormed())
    assert.equal(source.text.slice(node.start, node.end).trim(), source.text.slice(node.start, node.end))
    const uses = (node.detail?.uses ?? []) as readonly string[]
    assert.deepEqual(uses, [...new Set(uses)].sort())
    assert.ok(uses.length <= 64)
  }
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length

/** One line per node: what a reviewer can check beside the sample. */
function show({ source }: Outcome): string {
  const lines = (source.outline ?? []).map((node) => {
    const { signature, names, uses } = (node.detail ?? {}) as Record<string, string | string[] | undefined>
    const place = `${lineOf(source.text, node.start)}-${lineOf(source.text, node.end)}`
    const facts = [signature, names && `names ${names}`, uses && `uses ${uses}`].filter(Boolean).join(' | ')
    return `${'  '.repeat(node.level - 1)}${node.kind} ${node.title ?? ''} [${place}] ${facts}`.trimEnd()
  })
  return `${source.mediaType}\n${lines.join('\n')}\n`
}

const samples = readdirSync(golden).filter((name) => !name.endsWith('.outline'))

test('the outline of a sample in each language is as reviewed', async () => {
  assert.equal(new Set(samples.map((name) => name.split('.')[1])).size, languages.length)
  for (const name of samples) {
    const outcome = await read(name, readFileSync(join(golden, name)))
    assertOutline(outcome.source)
    assert.deepEqual(outcome.warnings, [])
    const path = join(golden, `${name}.outline`)
    if (process.env.WRITE_GOLDEN) writeFileSync(path, show(outcome))
    assert.equal(show(outcome), readFileSync(path, 'utf8'), name)
  }
})

test('meta names the endings and media types of the languages', () => {
  const sorted = (list: readonly string[]): string[] => [...new Set(list)].sort()
  assert.deepEqual(sorted(meta.extensions), sorted(languages.flatMap(({ extensions }) => extensions)))
  assert.deepEqual(sorted(meta.mediaTypes), sorted(languages.map(({ mediaType }) => mediaType)))
})

test('offsets are UTF-16 units: text in front moves every node by its length', async () => {
  for (const name of ['sample.py', 'sample.ts', 'sample.rs', 'sample.c', 'sample.cs']) {
    const text = readFileSync(join(golden, name), 'utf8')
    const mark = name.endsWith('py') ? '#' : '//'
    const plain = (await read(name, text)).source
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 40 }), async (comment) => {
        const front = `${mark} 😀文 ${comment.replace(/[\0-\x1f\\\u2028\u2029\u0085]/g, '')}\n\n`
        const moved = (await read(name, front + text)).source
        assert.equal(moved.text, front + text)
        const back = moved.outline!.map((node) => ({
          ...node,
          start: node.start - front.length,
          end: node.end - front.length,
        }))
        assert.deepEqual(back, plain.outline)
      }),
      { numRuns: 10 },
    )
  }
})

test('damaged files never break: any bytes give a sound outline or an error with a code', async () => {
  const all = samples.map((name) => [name, new Uint8Array(readFileSync(join(golden, name)))] as const)
  const flip = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.integer({ min: 0, max: 255 }) })
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...all),
      fc.array(flip, { maxLength: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async ([name, bytes], flips, keep) => {
        const damaged = bytes.slice(0, Math.ceil(keep * bytes.length))
        for (const { at, byte } of flips) if (damaged.length) damaged[Math.floor(at * (damaged.length - 1))] = byte
        try {
          const { source } = await read(name, damaged)
          assertOutline(source)
          assert.ok(source.text.isWellFormed() && !source.text.includes('\0'))
        } catch (error) {
          assert.ok(FoveaError.is(error, 'empty'), String(error))
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('a file in a legacy encoding keeps its text, outline and places', async () => {
  const text = '# élan\r\ndef été(a):\r\n    return "ñ"\r\n'
  const latin = Uint8Array.from(text, (letter) => letter.charCodeAt(0))
  for (const bytes of [latin, new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))]) {
    const { source } = await read('a.py', bytes)
    assert.equal(source.text, text)
    assert.deepEqual(
      source.outline!.map(({ title, start }) => [title, start]),
      [['été', 0]],
    )
  }
})

test('files that cannot be parsed are read as plain text and say why', async () => {
  const unparsed = async (name: string, text: string, limits: Partial<ReadLimits>, reason: RegExp): Promise<void> => {
    const { source, warnings } = await read(name, text, limits)
    assert.equal(source.text, text)
    assert.equal(source.outline, undefined)
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['unparsed'],
    )
    assert.match(warnings[0]!.message, reason)
    assert.ok(warnings[0]!.message.startsWith(name))
  }
  const deep = `x = ${'('.repeat(100_000)}${')'.repeat(100_000)}\n`
  await unparsed('a.py', deep, {}, /nested more than 1000/)
  await unparsed('a.min.js', `function a(){return 1};${'a();'.repeat(3000)}`, {}, /minified/)
  await unparsed('a.js', 'const a = 1\n'.repeat(360_000), {}, /4194304/)
  await unparsed('a', 'def f(): pass\n', {}, /not known/)
})

test('deep nesting of any kind does not crash or hang', async () => {
  const hostile = {
    'a.py': [`x = ${'('.repeat(50_000)}`, `${'[\n'.repeat(20_000)}`, `x = ${'not '.repeat(4000)}`],
    'a.js': ['{'.repeat(50_000), `a${'.b'.repeat(50_000)}`, '`${'.repeat(20_000), 'if(a)b;else\n'.repeat(20_000)],
    'a.rs': ['/*'.repeat(50_000), 'r###"'.repeat(800), '&'.repeat(4000)],
    'a.cpp': ['a<'.repeat(3000), '#if A\n'.repeat(20_000), '(*'.repeat(20_000)],
    'a.sh': ['$('.repeat(20_000), '<<A\n'.repeat(800), 'if '.repeat(20_000)],
    'a.rb': ['<<A '.repeat(2000), '"#{'.repeat(5000), 'begin\n'.repeat(2000)],
    'a.css': ['a{'.repeat(20_000), ':not('.repeat(20_000), '(((((((((\n'.repeat(100)],
    'a.php': [`<?php ${'['.repeat(20_000)}`, `<?php ${'if(a):'.repeat(10_000)}`],
  }
  for (const [name, texts] of Object.entries(hostile))
    for (const text of texts) {
      const lines = text.replace(/.{100}/g, '$&\n')
      const { source } = await read(name, lines)
      assert.equal(source.text, lines)
      assertOutline(source)
    }
})

test('parsing is given up when it takes too long, and the next file is parsed as ever', async () => {
  const text = 'int main() { return 1; }\n'.repeat(2000)
  let ticks = 0
  const grammar = await treeSitter(() => ticks++ * 1000)('cpp', '(function_definition) @function')
  assert.equal(
    grammar.parse(text, 1000, () => 'used'),
    undefined,
  )
  assert.equal(
    grammar.parse('int f() {}', 1000, ({ matches }) => matches.length),
    1,
  )
})

test('a long function can be cut between its statements', async () => {
  const body = (indent: string): string =>
    [1, 2, 3, 4, 5]
      .map(
        (n) =>
          `${indent}// part ${n}\n${indent}for (const item of items) {\n${`${indent}  call(item, ${n})\n`.repeat(8)}${indent}}\n`,
      )
      .join('')
  const text = `function small() {\n  return 1\n}\n\nfunction long(items) {\n${body('  ')}  try {\n${body('    ')}${body('    ')}  } finally {\n    small()\n  }\n}\n`
  const { source } = await read('a.js', text)
  assertOutline(source)
  const nodes = source.outline!
  const long = nodes.findIndex(({ title }) => title === 'long')
  const inside = nodes.filter(({ parent }) => parent === long)
  assert.equal(inside.length, 6)
  for (const { kind, start } of inside.slice(0, 5)) {
    assert.equal(kind, 'statement')
    assert.match(text.slice(start), /^\/\/ part \d/)
  }
  const last = nodes.indexOf(inside[5]!)
  assert.deepEqual(inside[5]!.detail?.uses, ['small'])
  assert.equal(nodes.filter(({ parent }) => parent === last).length, 10)
  assert.equal(nodes.filter(({ parent }) => parent === nodes.findIndex(({ title }) => title === 'small')).length, 0)
})

test('a script is known by its first line', async () => {
  for (const [line, mediaType] of [
    ['#!/usr/bin/env python3', 'text/x-python'],
    ['#!/usr/bin/python3.11 -u', 'text/x-python'],
    ['#!/usr/bin/env -S node --no-warnings', 'text/javascript'],
    ['#! /bin/sh', 'text/x-shellscript'],
  ] as const)
    assert.equal((await read('bin/tool', `${line}\n# x\n`)).source.mediaType, mediaType)
})

/** Functions and classes of Python files by Python's own parser: qualified name, first line of `def` and last line. */
const oracle = `
import ast, json, sys
def units(source):
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    found = []
    def walk(node, prefix):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                name = prefix + child.name
                found.append([name, child.lineno, child.end_lineno])
                walk(child, name + '.')
            else:
                walk(child, prefix)
    walk(tree, '')
    return found
print(json.dumps([units(source) for source in json.load(sys.stdin)]))
`

type Unit = [name: string, line: number, last: number]

function pythonUnits(sources: readonly string[]): (Unit[] | null)[] | undefined {
  const result = spawnSync('python3', ['-c', oracle], { input: JSON.stringify(sources), maxBuffer: 1 << 28 })
  return result.status === 0 ? JSON.parse(String(result.stdout)) : undefined
}

function ownUnits(text: string, nodes: readonly OutlineNode[]): Unit[] {
  const lines = text.split('\n')
  const starts: number[] = []
  for (let line = 0, at = 0; line < lines.length; at += lines[line++]!.length + 1) starts.push(at)
  const lineAt = (at: number): number => starts.findLastIndex((start) => start <= at) + 1
  return nodes
    .filter(({ kind }) => kind === 'function' || kind === 'class')
    .map(({ title, start, end }) => {
      const name = title!.slice(title!.lastIndexOf('.') + 1)
      const at = new RegExp(`\\b(?:def|class)\\s+${name}(?!\\w)`, 'u').exec(text.slice(start, end))!.index
      // Python's own parser knows no comments: those after the last statement belong to the unit here.
      let last = lineAt(end - 1)
      while (/^\s*(#.*)?$/.test(lines[last - 1]!)) last--
      return [title!, lineAt(start + at), last]
    })
}

test('functions and classes of real Python files are those of its own parser', async (t) => {
  const where = spawnSync('python3', ['-c', 'import os; print(os.path.dirname(os.__file__))'])
  if (where.status !== 0) return t.skip('python3 is not installed')
  const folder = String(where.stdout).trim()
  const files = readdirSync(folder).filter((name) => name.endsWith('.py'))
  const texts = files
    .filter((_, index) => index % 2 === 0)
    .slice(0, 100)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  const wanted = pythonUnits(texts)!
  let units = 0
  for (const [index, text] of texts.entries()) {
    const expected = wanted[index]
    if (!expected || text.length === 0) continue
    const { source } = await read(files[index]!, text)
    assertOutline(source)
    const key = (list: readonly Unit[]): string[] => list.map((unit) => unit.join(' ')).sort()
    assert.deepEqual(key(ownUnits(text, source.outline!)), key(expected), files[index])
    units += expected.length
  }
  assert.ok(units > 1000)
})

test('each function of CoSQA is one function with its name', async (t) => {
  const data = process.env.FOVEA_DATA
  if (!data) return t.skip('FOVEA_DATA is not set')
  const snippets = Object.keys(JSON.parse(readFileSync(join(data, 'cosqa/code_idx_map.txt'), 'utf8')))
  const wanted = pythonUnits(snippets)
  if (!wanted) return t.skip('python3 is not installed')
  let whole = 0
  for (const [index, snippet] of snippets.entries()) {
    const expected: Unit[] | null | undefined = wanted[index]
    if (expected?.length === 0 || !expected) continue
    const { source } = await read('a.py', snippet)
    assert.equal(source.text, snippet)
    assertOutline(source)
    const [first] = source.outline!
    assert.deepEqual([first?.kind, first?.title, first?.start], ['function', expected[0]![0], 0], snippet)
    whole++
  }
  assert.ok(whole > 4000, `${whole}`)
})
