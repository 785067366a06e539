// Runs every example and compares what it prints with the file beside it; `--write` takes the new output as right.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '..', 'examples')
let failed = 0
const names = readdirSync(folder)
  .filter((name) => /\.(ts|sh)$/.test(name))
  .sort()
for (const name of names) {
  const cache = mkdtempSync(join(tmpdir(), 'fovea-example-'))
  const command = name.endsWith('.sh') ? 'bash' : 'node'
  const done = spawnSync(command, [join(folder, name)], {
    cwd: join(folder, '..'),
    encoding: 'utf8',
    env: {
      ...process.env,
      FOVEA_CACHE: cache,
      NO_COLOR: '1',
      PATH: `${join(folder, '..', 'bin')}:${process.env.PATH}`,
    },
  })
  rmSync(cache, { recursive: true, force: true })
  const expected = join(folder, name.replace(/\.\w+$/, '.out'))
  if (process.argv.includes('--write')) writeFileSync(expected, done.stdout)
  const right = done.status === 0 && existsSync(expected) && readFileSync(expected, 'utf8') === done.stdout
  console.log(`${right ? 'ok' : 'FAILED'} examples/${name}`)
  if (right) continue
  failed++
  console.log(`exit ${done.status}\n${done.stdout}${done.stderr}`)
}
console.log(`${names.length - failed} of ${names.length} examples print what they should`)
process.exitCode = failed === 0 && names.length > 0 ? 0 : 1
