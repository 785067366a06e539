// Wall time of `fovea ask` on an indexed folder of 10 MB, process start and the look for changed files included.
// FOVEA_DATA=... npm run build && node bench/ask.ts [runs = 15]
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { corpus } from './corpus.ts'

const data = process.env.FOVEA_DATA
if (!data) throw new Error('set FOVEA_DATA to the folder of data sets')
const runs = Number(process.argv[2] ?? 15)
const work = join(import.meta.dirname, '.work')
const folder = join(work, 'corpus-10')
mkdirSync(work, { recursive: true })
const made = corpus(data)
if (!existsSync(folder)) made.files(10e6, folder)
const questions = made.questions(runs)
const main = join(import.meta.dirname, '../dist/serve/main.js')
if (!existsSync(main)) throw new Error('run npm run build first: the time of the published package is measured')

const index = join(work, 'index-ask')
const run = (...args: string[]): number => {
  const started = performance.now()
  const done = spawnSync(process.execPath, [main, ...args, '--index', index], { encoding: 'utf8' })
  if (done.status !== 0 && done.status !== 1) throw new Error(done.stderr)
  return performance.now() - started
}
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
run('index', folder)
run('ask', folder, questions[0]!)
const times = questions.map((question) => run('ask', folder, question))
const bare = questions.map(() => {
  const started = performance.now()
  spawnSync(process.execPath, ['-e', '0'])
  return performance.now() - started
})
console.log(
  `fovea ask on 10 MB: median ${median(times).toFixed(0)} ms, longest ${Math.max(...times).toFixed(0)} ms (node alone: ${median(bare).toFixed(0)} ms) over ${runs} questions`,
)
