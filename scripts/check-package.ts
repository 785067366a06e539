// Checks what would be published: the files, the size of the package, of an install, and of the code behind `import 'fovea'`.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const limits = { packedBytes: 2_000_000, installBytes: 100_000_000, entryBytes: 1_000_000 }
const problems: string[] = []
const check = (name: string, bytes: number, limit: number): void => {
  console.log(`${name}: ${(bytes / 1e6).toFixed(2)} MB (limit ${limit / 1e6} MB)`)
  if (bytes > limit) problems.push(`${name} is over its limit`)
}
const run = (command: string, args: string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
const sizeOf = (path: string): number => {
  const stat = statSync(path)
  return stat.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : stat.size
}

const folder = mkdtempSync(join(tmpdir(), 'fovea-package-'))
try {
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root),
  ) as { filename: string; size: number; files: { path: string }[] }[]
  check('packed', packed!.size, limits.packedBytes)
  for (const { path } of packed!.files)
    if (
      !/^(dist\/|bin\/|LICENSE$|README\.md$|CHANGELOG\.md$|package\.json$)/.test(path) ||
      /\.test\.|\.map$/.test(path)
    )
      problems.push(`${path} should not be published`)
  for (const needed of ['dist/index.js', 'dist/index.d.ts', 'bin/fovea.js', 'LICENSE', 'README.md'])
    if (!packed!.files.some(({ path }) => path === needed)) problems.push(`${needed} is missing from the package`)

  writeFileSync(join(folder, 'package.json'), '{"name":"user","private":true,"type":"module"}')
  run('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', join(folder, packed!.filename)], folder)
  check('installed with every format', sizeOf(join(folder, 'node_modules')), limits.installBytes)
  for (const name of readdirSync(join(folder, 'node_modules'))
    .filter((each) => !each.startsWith('.'))
    .map((each) => [each, sizeOf(join(folder, 'node_modules', each))] as const)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 8))
    console.log(`  ${name[0].padEnd(24)} ${(name[1] / 1e6).toFixed(1)} MB`)

  // What `import 'fovea'` loads, counted by the loader itself.
  writeFileSync(
    join(folder, 'entry.mjs'),
    `import { registerHooks } from 'node:module'
let bytes = 0
let files = 0
registerHooks({ load(url, context, next) { const loaded = next(url, context); if (url.startsWith('file:') && loaded.source) { bytes += loaded.source.length; files++ } return loaded } })
await import('fovea')
console.log(JSON.stringify({ bytes, files }))`,
  )
  const entry = JSON.parse(run('node', ['entry.mjs'], folder)) as { bytes: number; files: number }
  check(`import 'fovea' (${entry.files} files)`, entry.bytes, limits.entryBytes)

  writeFileSync(
    join(folder, 'note.md'),
    '# Note\n\nThe fovea is the small pit in the retina where sight is sharpest.\n',
  )
  const answer = run(
    'npx',
    ['--no', 'fovea', 'ask', 'note.md', 'What is the fovea?', '--index', join(folder, 'index')],
    folder,
  )
  console.log(answer.trim())
  if (!/note\.md#L3/.test(answer)) problems.push('the installed command did not answer with a citation')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
