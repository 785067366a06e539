// `fovea bench`, and what a person sees of a mistake.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

const bin = join(import.meta.dirname, '../../bin/fovea.js')
const folder = mkdtempSync(join(tmpdir(), 'fovea-bench-'))
after(() => rmSync(folder, { recursive: true }))

function bench(spec: string, ...args: string[]) {
  writeFileSync(join(folder, 'spec.yaml'), spec)
  const done = spawnSync(process.execPath, [bin, 'bench', 'spec.yaml', '--results', 'results.sqlite', ...args], {
    cwd: folder,
    env: { ...process.env, FOVEA_DATA: '', FOVEA_CACHE: join(folder, 'cache') },
    encoding: 'utf8',
  })
  return { code: done.status, out: done.stdout, err: done.stderr }
}
const spec = (system: string, name = 'small'): string =>
  `name: ${name}\ntasks: [ruler-vt]\nlengths: [1k]\nsamples: 2\nlines: false\nbudgets: [50%]\nviews: 1\nsystems: [${system}]\n`

test('a spec is measured, then reported again without being measured', () => {
  const first = bench(spec('pipeline'), '--report', 'page.html', '--report', 'page.md')
  assert.equal(first.code, 0, first.err)
  assert.match(first.err, /2 results made, 0 were there/)
  assert.match(readFileSync(join(folder, 'page.html'), 'utf8'), /<section id="leaderboard">/)
  const again = bench(spec('pipeline'), '--report-only', '--report', 'again.md')
  assert.equal(again.code, 0, again.err)
  assert.doesNotMatch(again.err, /results made/)
  assert.equal(readFileSync(join(folder, 'again.md'), 'utf8'), readFileSync(join(folder, 'page.md'), 'utf8'))
})

test('a report of no known kind is refused before anything is measured', () => {
  const refused = bench(spec('pipeline', 'refused'), '--report', 'page.pdf')
  assert.equal(refused.code, 2)
  assert.match(refused.err, /must be one of .*html/)
  assert.ok(!existsSync(join(folder, 'page.pdf')))
  assert.match(bench(spec('pipeline', 'refused'), '--report-only').out, /no results/)
})

test('what failed is told with its reason, and the rest is measured', () => {
  const partial = bench(spec('pipeline, { system: pipeline, retriever: keywrd }', 'partial'))
  assert.equal(partial.code, 3)
  assert.match(partial.err, /2 failed \(pipeline\(retriever=keywrd\)\): leaf-unknown: .*keyword/)
  assert.match(partial.err, /4 results made/)
})

test('a system of one’s own is named by its path, from the place of the spec', () => {
  const own = `export default async () => ({ run: async ({ corpus, question }) => ({ said: question, ranked: corpus.sources.map(({ id, text }) => ({ spans: [{ source: id, start: 0, end: text.length }], score: 1, trail: ['mine'] })) }) })\n`
  writeFileSync(join(folder, 'mine.mjs'), own)
  const made = bench(spec('./mine.mjs', 'own'))
  assert.equal(made.code, 0, made.err)
  assert.match(made.out, /mine/)
  const missing = bench(spec('./not-there.mjs', 'missing'))
  assert.equal(missing.code, 2)
  assert.match(missing.err, /not-there\.mjs cannot be loaded/)
})
