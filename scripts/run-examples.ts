// Runs every example and compares what it prints with the file beside it; `--write` takes the new output as right. Words choose examples by name.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
/** What examples share is no example. */
const shared = ['strategies/show.ts']
const write = process.argv.includes('--write')
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const names = [
  ...readdirSync(join(root, 'examples')),
  ...readdirSync(join(root, 'examples/strategies')).map((name) => `strategies/${name}`),
]
  .filter((name) => /\.(ts|sh)$/.test(name) && !shared.includes(name))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .sort()

interface Done {
  readonly status: number | null
  readonly output: string
  readonly errors: string
}
function run(name: string): Promise<Done> {
  const cache = mkdtempSync(join(tmpdir(), 'fovea-example-'))
  const child = spawn(name.endsWith('.sh') ? 'bash' : 'node', [join(root, 'examples', name)], {
    cwd: root,
    env: {
      ...process.env,
      FOVEA_CACHE: cache,
      NO_COLOR: '1',
      PATH: `${join(root, 'bin')}:${process.env.PATH}`,
    },
  })
  const texts = { output: '', errors: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.errors += text))
  return new Promise((resolve) =>
    child.on('close', (status) => {
      rmSync(cache, { recursive: true, force: true })
      resolve({ status, ...texts })
    }),
  )
}

let failed = 0
const waiting = [...names]
const one = async (): Promise<void> => {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const { status, output, errors } = await run(name)
    const expected = join(root, 'examples', name.replace(/\.\w+$/, '.out'))
    if (write) writeFileSync(expected, output)
    const right = status === 0 && existsSync(expected) && readFileSync(expected, 'utf8') === output
    console.log(`${right ? 'ok' : 'FAILED'} examples/${name}`)
    if (right) continue
    failed++
    console.log(`exit ${status}\n${output}${errors}`)
  }
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, one))
console.log(`${names.length - failed} of ${names.length} examples print what they should`)
process.exitCode = failed === 0 && names.length > 0 ? 0 : 1
