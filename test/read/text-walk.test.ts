import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { after, test } from 'node:test'
import type { Warning } from '../../src/core/index.ts'
import { type SkipReason, type WalkEntry, type WalkOptions, walk } from '../../src/read/index.ts'

const roots: string[] = []
after(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true })
})

function tree(files: Readonly<Record<string, string | Buffer>>): string {
  const root = mkdtempSync(join(tmpdir(), 'fovea walk '))
  roots.push(root)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
  }
  return root
}

async function walked(root: string, options: WalkOptions = {}) {
  const entries: WalkEntry[] = []
  const skipped: [string, SkipReason][] = []
  const warnings: Warning[] = []
  const all = {
    skip: (path: string, why: SkipReason) => skipped.push([relative(root, path), why]),
    warn: (warning: Warning) => warnings.push(warning),
    ...options,
  }
  for await (const entry of walk(root, all)) entries.push(entry)
  return {
    entries,
    names: entries.map(({ path }) => relative(root, path)),
    skipped: Object.fromEntries(skipped),
    warnings,
  }
}

test('files come in the order of their paths, with sizes, times and bytes', async () => {
  const root = tree({ 'a/z.txt': 'z', 'a-b.txt': 'ab', 'a.txt': 'a', 'b/c/d.md': 'ü', 'B.txt': 'B' })
  const { entries, names } = await walked(root)
  assert.deepEqual(names, ['B.txt', 'a-b.txt', 'a.txt', 'a/z.txt', 'b/c/d.md'])
  const last = entries.at(-1)!
  assert.equal(last.size, 2)
  assert.equal(Buffer.from(await last.input.bytes()).toString(), 'ü')
  assert.ok(Number.isInteger(last.modified))
  assert.deepEqual((await walked(join(root, 'a.txt'))).names, [''])
})

test('ignore files hold at every level, inner ones stronger, as in git', async () => {
  const root = tree({
    '.gitignore': '*.tmp\n/only-top.txt\nlogs/\n!keep.tmp\n# comment\ndeep/**/x.txt\n',
    'a.tmp': '',
    'keep.tmp': 'k',
    'only-top.txt': '',
    'sub/only-top.txt': 's',
    'logs/a.txt': '',
    'sub/logs/b.txt': '',
    'deep/1/2/x.txt': '',
    'deep/1/2/y.txt': 'y',
    'sub/.gitignore': '!b.tmp\n*.md\n',
    'sub/b.tmp': 'b',
    'sub/c.md': '',
    'sub/d.txt': 'd',
    'other/.ignore': '!c.tmp\nd.txt\n',
    'other/.gitignore': 'c.tmp\n',
    'other/c.tmp': 'c',
    'other/d.txt': '',
    'c.md': 'c',
  })
  const wanted = ['c.md', 'deep/1/2/y.txt', 'keep.tmp', 'other/c.tmp', 'sub/b.tmp', 'sub/d.txt', 'sub/only-top.txt']
  const { names, skipped } = await walked(root)
  assert.deepEqual(names, wanted)
  assert.equal(skipped['a.tmp'], 'ignored')
  assert.equal(skipped.logs, 'ignored')
  let listed: string
  try {
    execFileSync('git', ['init', '-q'], { cwd: root })
    listed = execFileSync('git', ['ls-files', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  } catch {
    return
  }
  const byGit = listed
    .trim()
    .split('\n')
    .filter((name) => !/(^|\/)\./.test(name) && !name.startsWith('other/'))
  assert.deepEqual(
    names.filter((name) => !name.startsWith('other/')),
    byGit.sort(),
  )
  // In a repository, the rules above the root hold as well.
  assert.deepEqual((await walked(join(root, 'deep'))).names, ['1/2/y.txt'])
  assert.deepEqual((await walked(join(root, 'logs'))).names, ['a.txt'])
})

test('hidden, build and binary files are skipped and counted; ambiguous names need a tool beside them', async () => {
  const root = tree({
    '.env': 'x',
    '.git/config': 'x',
    'node_modules/x/index.js': 'x',
    '__pycache__/a.py': 'x',
    'js/package.json': '{}',
    'js/dist/a.js': 'x',
    'js/src/a.js': 'x',
    'dist/notes.txt': 'kept',
    'target/report.md': 'kept',
    'rust/Cargo.toml': 'x',
    'rust/target/a.txt': 'x',
    'cache/CACHEDIR.TAG': 'x',
    'cache/a.txt': 'x',
    'env/pyvenv.cfg': 'x',
    'env/a.txt': 'x',
    'image.dat': Buffer.from('89504e470d0a1a0a0000', 'hex'),
    'nul.foo': 'a\0b',
    'words.foo': 'kept',
    'wide.foo': Buffer.from('\ufeffkept', 'utf16le'),
    'empty.txt': '',
  })
  const { names, skipped } = await walked(root)
  assert.deepEqual(names, [
    'dist/notes.txt',
    'empty.txt',
    'js/package.json',
    'js/src/a.js',
    'rust/Cargo.toml',
    'target/report.md',
    'wide.foo',
    'words.foo',
  ])
  assert.deepEqual(skipped, {
    '.env': 'hidden',
    '.git': 'hidden',
    node_modules: 'build-folder',
    __pycache__: 'build-folder',
    'js/dist': 'build-folder',
    'rust/target': 'build-folder',
    cache: 'build-folder',
    env: 'build-folder',
    'image.dat': 'binary',
    'nul.foo': 'binary',
  })
  const hidden = await walked(root, { hidden: true })
  assert.ok(hidden.names.includes('.env') && !hidden.names.some((name) => name.startsWith('.git/')))
})

test('include and exclude take globs over the path below the root', async () => {
  const root = tree({ 'a.md': 'x', 'b.txt': 'x', 'sub/c.md': 'x', 'sub/deep/d.md': 'x', 'sub/deep/e.txt': 'x' })
  const names = async (options: WalkOptions) => (await walked(root, options)).names
  assert.deepEqual(await names({ include: ['*.md'] }), ['a.md', 'sub/c.md', 'sub/deep/d.md'])
  assert.deepEqual(await names({ include: ['sub/*.md'] }), ['sub/c.md'])
  assert.deepEqual(await names({ include: ['sub/**'] }), ['sub/c.md', 'sub/deep/d.md', 'sub/deep/e.txt'])
  assert.deepEqual(await names({ include: ['**/*.{md,rst}'], exclude: ['deep'] }), ['a.md', 'sub/c.md'])
  assert.deepEqual(await names({ exclude: ['sub/', 'b.?xt'] }), ['a.md'])
  assert.deepEqual(await names({ include: ['[ab].*'] }), ['a.md', 'b.txt'])
})

test('links: files are taken, loops and second ways are not, outside folders once, broken ones warned of', async () => {
  const outside = tree({ 'o.txt': 'o', 'in/p.txt': 'p' })
  const root = tree({ 'a/file.txt': 'f' })
  symlinkSync(root, join(root, 'a', 'loop'))
  symlinkSync(join(root, 'a'), join(root, 'second'))
  symlinkSync(join(root, 'a', 'file.txt'), join(root, 'link.txt'))
  symlinkSync(outside, join(root, 'out'))
  symlinkSync(join(outside, 'in'), join(root, 'out2'))
  symlinkSync('nowhere', join(root, 'broken'))
  const { names, skipped, warnings } = await walked(root)
  assert.deepEqual(names, ['a/file.txt', 'link.txt', 'out/in/p.txt', 'out/o.txt'])
  assert.deepEqual(
    [skipped['a/loop'], skipped.second, skipped.out2, skipped.broken],
    ['link-loop', 'link-loop', 'link-loop', 'unreadable'],
  )
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['vanished'],
  )
})

test('an outside folder reached first by a link into it is walked once, whatever answers first', async () => {
  const outside = tree({ 'o.txt': 'o', 'in/p.txt': 'p', 'in/deep/q.txt': 'q' })
  const root = tree({ 'a.txt': 'f' })
  symlinkSync(join(outside, 'in'), join(root, 'b'))
  symlinkSync(outside, join(root, 'c'))
  symlinkSync(root, join(outside, 'in', 'deep', 'back'))
  for (let round = 0; round < 20; round++) {
    const { names, skipped } = await walked(root)
    assert.deepEqual(names, ['a.txt', 'b/deep/q.txt', 'b/p.txt', 'c/o.txt'])
    assert.deepEqual([skipped['b/deep/back'], skipped['c/in']], ['link-loop', 'link-loop'])
  }
})

test('strange names are survived, also those that are not UTF-8', async () => {
  const names = [
    'with space.txt',
    'new\nline.txt',
    'emoji 😀.txt',
    'quote\'".txt',
    '-dash.txt',
    '#hash.txt',
    'tab\t.txt',
  ]
  const root = tree(Object.fromEntries(names.map((name) => [name, name])))
  const folder = Buffer.concat([Buffer.from(root), Buffer.from('/bad \xff', 'latin1')])
  mkdirSync(folder)
  writeFileSync(Buffer.concat([folder, Buffer.from('/\xfe.txt', 'latin1')]), 'bytes')
  const { entries } = await walked(root)
  assert.equal(entries.length, names.length + 1)
  for (const { path, input } of entries) {
    const text = Buffer.from(await input.bytes()).toString()
    assert.equal(text, path.includes('\ufffd') ? 'bytes' : relative(root, path))
  }
})

test('special files are skipped, unreadable ones warned of', async (t) => {
  const root = tree({ 'a.txt': 'x', 'closed/b.txt': 'x', 'shut.txt': 'x' })
  try {
    execFileSync('mkfifo', [join(root, 'pipe.txt')])
  } catch {
    return t.skip('there is no mkfifo')
  }
  assert.equal((await walked(root)).skipped['pipe.txt'], 'special')
  if (process.getuid?.() === 0) return
  chmodSync(join(root, 'closed'), 0)
  chmodSync(join(root, 'shut.txt'), 0)
  const { entries, skipped, warnings } = await walked(root)
  chmodSync(join(root, 'closed'), 0o700)
  assert.equal(skipped.closed, 'unreadable')
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['unreadable'],
  )
  await assert.rejects(entries.at(-1)!.input.bytes(), { code: 'unreadable' })
})

test('files that vanish or change while they are read are named', async () => {
  const root = tree({ 'a.txt': 'one', 'b.txt': 'two', 'c.txt': 'three' })
  const { entries, warnings } = await walked(root)
  rmSync(join(root, 'a.txt'))
  appendFileSync(join(root, 'b.txt'), ' and more')
  await assert.rejects(
    entries[0]!.input.bytes(),
    (error: { code?: string; message: string }) => error.code === 'vanished' && error.message.includes('a.txt'),
  )
  assert.equal(Buffer.from(await entries[1]!.input.bytes()).toString(), 'two and more')
  assert.deepEqual(
    warnings.map(({ code, uri }) => [code, uri.endsWith('b.txt')]),
    [['changed', true]],
  )
  const pieces: Buffer[] = []
  for await (const piece of entries[1]!.input.stream()) pieces.push(Buffer.from(piece))
  assert.equal(Buffer.concat(pieces).toString(), 'two and more')
  assert.equal(warnings.length, 2)
  assert.equal(Buffer.from(await entries[2]!.input.bytes()).toString(), 'three')
  assert.equal(warnings.length, 2)
})

test('a signal stops the walk, and a place that is not there is an error', async () => {
  const root = tree({ 'a.txt': 'x', 'b/c.txt': 'x' })
  const stop = new AbortController()
  await assert.rejects(async () => {
    for await (const _ of walk(root, { abortSignal: stop.signal })) stop.abort(new Error('stop'))
  }, /stop/)
  await assert.rejects(
    async () => {
      for await (const _ of walk(join(root, 'nothing'), {}));
    },
    { code: 'path-missing' },
  )
})
